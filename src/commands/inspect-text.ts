import { barLines, type Drawing } from '../learn/bars.ts'
import { printable } from '../text/printable.ts'
import { counted, size } from '../text/units.ts'

/** An executable's facts, as `inspect` shows them; the fields it reads of the elf craft's. */
export interface InspectedProgram {
  readonly kind: string
  readonly size?: number
  readonly elf?: {
    readonly arch: string
    readonly bits: number
    readonly type: string
    readonly linkage: string
    readonly interpreter: string | null
    readonly needed: readonly string[]
  }
}

/** An archive's facts, as `inspect` shows them; the fields it reads of the oci craft's. */
export interface InspectedArchive {
  readonly formats: readonly string[]
  readonly references: readonly string[]
  readonly verdict: 'right' | 'right-as-far' | 'wrong'
  readonly beside: readonly {
    readonly kind: 'attestation' | 'artifact'
    readonly type: string
    readonly digest: string
  }[]
  readonly problems: readonly string[]
  readonly notLookedAt: readonly { readonly what: string; readonly why: string }[]
  readonly notes: readonly string[]
  readonly images: readonly {
    readonly id: string
    readonly os: string
    readonly arch: string
    readonly variant?: string
    readonly cmd: readonly string[]
    readonly entrypoint: readonly string[]
    readonly user: string
    readonly uncompressedBytes: number
    readonly tree: readonly { readonly path: string; readonly bytes: number }[]
    readonly missing?: string
    readonly lacks?: {
      readonly kind: 'loader' | 'interpreter'
      readonly path: string
      readonly of: string
    }
    readonly layers: readonly {
      readonly diffId: string
      readonly bytes: number
      readonly files: number
      readonly hidBytes: number
      readonly wastedBytes: number
      readonly unread?: string
      readonly biggest: readonly { readonly path: string; readonly bytes: number }[]
    }[]
  }[]
}

/** Why a program can't go into a scratch image. */
export interface Refused {
  readonly what: string
  readonly todo: readonly string[]
}

/** A program for a person: what it is and needs, and whether a scratch image can hold it. */
export const programText = (
  name: string,
  file: InspectedProgram,
  refused: Refused | null,
): string => {
  const facts = file.elf === undefined ? [] : elfRows(file.elf, file.size ?? 0)
  const verdict =
    refused === null
      ? ['It needs nothing but the kernel: a scratch image can hold it.']
      : [refused.what, ...refused.todo.map(todo => `-> ${todo}`)]
  return text([name, ...rows(facts), ...verdict.map(line => `  ${line}`)])
}

/**
 * An archive for a person: its images, their layers, what is kept with them, and the verdict. `client` is the engine's, when
 * the archive is what that writes of an image.
 */
export const archiveText = (
  name: string,
  facts: InspectedArchive,
  drawing: Drawing = { width: 80, unicode: false },
  client: string | null = null,
): string =>
  text([
    name,
    ...rows([
      client === null
        ? ['Format', facts.formats.map(format => FORMATS[format] ?? format).join(' and ')]
        : ['From', `the engine, as ${client} save writes it`],
      ['Names', facts.references.join(', ') || 'none'],
    ]),
    ...facts.images.flatMap(image => [...imageLines(image), ...treeLines(image.tree, drawing)]),
    ...(facts.images.length === 0 ? rows([['Images', 'none']]) : []),
    ...facts.beside.flatMap(besideLines),
    ...facts.notes.map(note => `  Note: ${note}`),
    ...facts.problems.map(problem => `  Problem: ${problem}`),
    ...facts.notLookedAt.map(({ what, why }) => `  Not looked at: ${what}: ${why}.`),
    ...VERDICTS[facts.verdict],
  ])

const VERDICTS: Readonly<Record<InspectedArchive['verdict'], readonly string[]>> = {
  right: ['  All digests are right.'],
  'right-as-far': ['  Right as far as it was looked at; --strict makes that a failure.'],
  wrong: [],
}

const BESIDE = { attestation: 'An attestation', artifact: 'An artifact' } as const

const besideLines = ({ kind, type, digest }: InspectedArchive['beside'][number]): string[] =>
  rows([['Beside it', `${BESIDE[kind]}${type === '' ? '' : ` (${type})`}, ${digest.slice(0, 19)}`]])

const FORMATS: Readonly<Record<string, string>> = {
  oci: 'OCI image layout',
  docker: 'docker archive',
}

const elfRows = (elf: NonNullable<InspectedProgram['elf']>, bytes: number): [string, string][] => [
  ['Kind', `ELF ${elf.type}, ${elf.bits} bit`],
  ['For', `linux/${elf.arch}`],
  [
    'Linked',
    elf.linkage === 'dynamic'
      ? 'dynamically'
      : `statically${elf.linkage === 'static-pie' ? ' (static-pie)' : ''}`,
  ],
  ['Loader', elf.interpreter ?? 'none'],
  ['Libraries', elf.needed.join(', ') || 'none'],
  ['Size', size(bytes)],
]

const imageLines = (image: InspectedArchive['images'][number]): string[] => [
  ...rows([
    ['Image', image.id],
    ['For', [image.os, image.arch, ...(image.variant ? [image.variant] : [])].join('/')],
    ['Starts', JSON.stringify([...image.entrypoint, ...image.cmd])],
    ...startLines(image).map(line => ['', line] as const),
    ['As user', image.user || 'root'],
    ['Size', `${size(image.uncompressedBytes)} uncompressed`],
  ]),
  ...(image.layers.length === 0 ? rows([['Layers', 'none']]) : []),
  ...image.layers.flatMap((layer, i) => [
    `  Layer ${i + 1}     ${layer.diffId.slice(0, 19)}  ${layerWords(layer)}`,
    ...layer.biggest.map(
      file => `${' '.repeat(14)}${size(file.bytes).padStart(11)}  /${file.path}`,
    ),
  ]),
]

const startLines = ({ missing, lacks }: InspectedArchive['images'][number]): string[] => {
  if (missing !== undefined) return [`${missing} is not in it, so no container of it can start`]
  if (lacks === undefined) return []
  return [
    `${lacks.of} is in it, but not the ${lacks.kind} that it asks for, ${lacks.path}:`,
    'no container of it can start ("no such file or directory")',
  ]
}

/** The tree with a bar for each folder and file, by its size. */
const treeLines = (
  tree: InspectedArchive['images'][number]['tree'],
  { width, unicode }: Drawing,
): string[] => {
  const named = tree.map(({ path, bytes }) => {
    const parts = path.split('/')
    return { name: `${'  '.repeat(parts.length - 1)}/${parts.at(-1)}`, bytes }
  })
  const bars = barLines(named, { width: width - 4, unicode }).map(line => `    ${line}`)
  return bars.length === 0 ? [] : ['  Inside      the largest folders and files', ...bars]
}

const layerWords = (layer: InspectedArchive['images'][number]['layers'][number]): string =>
  layer.unread !== undefined && layer.files === 0
    ? 'not looked at'
    : [
        `${counted(layer.files, 'file')}, a tar of ${size(layer.bytes)}`,
        ...(layer.hidBytes > 0 ? [`hides ${size(layer.hidBytes)} of lower layers`] : []),
        ...(layer.wastedBytes > 0
          ? [`${size(layer.wastedBytes)} wasted: later layers hide it`]
          : []),
      ].join('; ')

const rows = (pairs: readonly (readonly [string, string])[]): string[] =>
  pairs.map(([name, value]) => `  ${name.padEnd(12)}${value}`)

// Names come from the file: none may steer the terminal or make a line of its own.
const text = (lines: readonly string[]): string =>
  lines.map(line => `${printable(line)}\n`).join('')
