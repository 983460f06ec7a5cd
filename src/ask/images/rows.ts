import { dirname, resolve, sep } from 'node:path'
import { isPlainError, UsageError } from '../../errors.ts'
import type { Flags } from '../flags.ts'
import { oneArch } from '../questions/arch.ts'
import { ONLY } from '../questions/index.ts'
import { canonicalReference } from '../questions/tag.ts'
import { kindOf } from '../which-kind.ts'
import {
  AXES,
  type Axis,
  type ImageEntry,
  type ImagesFile,
  type Matrix,
  type Texts,
} from './file.ts'

/** One image to make: its name, where its folder is, and its answers as flags. */
export interface ImageRow {
  /** The image's reference, `{…}` filled in. */
  readonly name: string
  /** The project folder, absolute. */
  readonly folder: string
  /** The platforms it is for, as given; none for the engine's own, several for one image of several. */
  readonly archs: readonly string[]
  readonly texts: Texts
  /** What else it is for, where only a part is made here. */
  readonly others?: readonly string[]
}

/** More would be a mistake in a matrix rather than somebody's images. */
const MOST_ROWS = 256

/**
 * Returns every image of a file: matrix by matrix, in the order of the file. Throws UsageError for more than 256 images,
 * a name or a folder that two of them have, and a `{word}` that has no value.
 */
export const rowsOf = (file: ImagesFile): readonly ImageRow[] => {
  const entries = file.images.map(entry => ({ entry, axes: axesOf(file, entry) }))
  const count = entries.reduce((sum, { axes }) => sum + sizeOf(axes), 0)
  if (count > MOST_ROWS)
    throw new UsageError(
      `${file.path} makes ${count} images by its matrix; ${MOST_ROWS} is the most.`,
      ['Take values out of the matrix, or split the file: build --file other.json'],
    )
  const rows = entries.flatMap(({ entry, axes }) =>
    combinations(axes).map(point => rowOf(file, entry, point)),
  )
  refuseTwice(
    file,
    rows,
    'name',
    canonicalReference,
    'Put what tells them apart in the name, such as {release} or {arch}.',
  )
  refuseTwice(file, rows, 'folder', path => path, 'Give one of them a "folder" of its own.')
  refuseNested(file, rows)
  return rows
}

/** The flags that a row stands for. */
export const flagsOf = ({ name, folder, archs, texts }: ImageRow): Flags => ({
  questions: {
    ...texts,
    tag: name,
    directory: folder,
    ...(archs.length === 0 ? {} : { arch: archs.join(',') }),
  },
  switches: {},
  words: [],
})

/** Returns what `work` returns, or throws its error with the image's name before it. */
export const forImage = <T>(name: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof UsageError)
      throw new UsageError(`Image ${name}: ${error.message}`, error.todo)
    throw error
  }
}

/** Returns what `work` returns for every row. Throws one UsageError that names each image it failed for. */
export const forEachRow = <T>(rows: readonly ImageRow[], work: (row: ImageRow) => T): T[] => {
  const faults: string[] = []
  let todo: readonly string[] = []
  const done = rows.flatMap(row => {
    try {
      return [forImage(row.name, () => work(row))]
    } catch (error) {
      if (!isPlainError(error)) throw error
      if (faults.push(error.message) === 1) todo = error.todo
      return []
    }
  })
  if (faults.length === 0) return done
  const others = faults.slice(1, 10).map(fault => `Also: ${fault}`)
  throw new UsageError(faults[0]!, [...todo, ...others])
}

type Point = Readonly<Partial<Record<Axis, string>>>

/** An image's kind by its own words, else by the file's matrix (over releases it speaks of full images), else by the defaults. */
const kindFor = ({ defaults, matrix }: ImagesFile, entry: ImageEntry): 'minimal' | 'full' =>
  forImage(
    entry.name,
    () =>
      kindOf({ ...entry.texts, ...pointOf(entry.matrix) }) ??
      kindOf(pointOf(matrix)) ??
      kindOf(defaults.kind === undefined ? defaults : { kind: defaults.kind }),
  ) ?? 'minimal'

const pointOf = (matrix: Matrix): Texts =>
  Object.fromEntries(Object.entries(matrix).map(([axis, values]) => [axis, values[0]]))

/** An image's own axes, and those of the file that it says nothing of itself and has an answer for. */
const axesOf = (file: ImagesFile, entry: ImageEntry): Matrix => {
  const foreign = foreignTo(kindFor(file, entry))
  const shared = Object.entries(file.matrix).filter(
    ([axis]) => !(axis in entry.texts) && !foreign.includes(axis),
  )
  return { ...Object.fromEntries(shared), ...entry.matrix }
}

const foreignTo = (kind: 'minimal' | 'full'): readonly string[] =>
  ONLY[kind === 'full' ? 'minimal' : 'full']

const sizeOf = (axes: Matrix): number =>
  Object.values(axes).reduce((product, values) => product * values.length, 1)

const combinations = (axes: Matrix): readonly Point[] =>
  AXES.reduce<readonly Point[]>(
    (points, axis) =>
      axes[axis] === undefined
        ? points
        : points.flatMap(point => axes[axis]!.map(value => ({ ...point, [axis]: value }))),
    [{}],
  )

const rowOf = (file: ImagesFile, entry: ImageEntry, point: Point): ImageRow => {
  const foreign = foreignTo(kindFor(file, entry))
  const defaults = Object.fromEntries(
    Object.entries(file.defaults).filter(([name]) => !foreign.includes(name)),
  )
  const { arch = '', ...texts }: Texts = { ...defaults, ...entry.texts, ...point }
  const archs = arch.split(',').filter(part => part.trim() !== '')
  const several = archs.length > 1
  const known = several || archs.length === 0 ? texts : { ...texts, arch }
  const name = filled(entry.name, known, several)
  const base = dirname(file.path)
  return {
    name,
    folder:
      entry.folder === null
        ? resolve(base, file.folder, name.replaceAll(/[/:]/g, '-'))
        : resolve(base, filled(entry.folder, { ...texts, arch })),
    archs: forImage(name, () => [...new Set(archs.map(oneArch))]),
    texts: { kind: foreign === ONLY.minimal ? 'full' : 'minimal', ...texts },
  }
}

/** `{release}` becomes the release as a word that a name may have; `{slim}` is `-slim` or nothing. */
const filled = (template: string, texts: Texts, several = false): string =>
  template.replaceAll(/\{([^{}]*)\}/g, (_, word: string) => {
    if (word === 'slim') return texts.slim === 'yes' ? '-slim' : ''
    const axis = AXES.find(name => name === word)
    const value = axis === undefined ? undefined : texts[axis]
    if (value !== undefined) return value.toLowerCase().replaceAll(/[^a-z0-9_.]+/g, '-')
    if (word === 'arch' && several)
      throw new UsageError(
        `Image ${template}: it is one image for several architectures, and {arch} is one of them.`,
        ['Leave {arch} out of the name; or put "arch" into "matrix", for an image of each.'],
      )
    throw new UsageError(`Image ${template}: {${word}} has no value.`, [
      axis === undefined
        ? `A name may have: ${AXES.map(name => `{${name}}`).join(', ')}.`
        : `Give "${axis}" in the image, in "defaults" or in "matrix".`,
    ])
  })

const refuseTwice = (
  { path }: ImagesFile,
  rows: readonly ImageRow[],
  what: 'name' | 'folder',
  canonical: (text: string) => string,
  todo: string,
): void => {
  const seen = new Map<string, string>()
  for (const row of rows) {
    const text = row[what]
    const other = seen.get(canonical(text))
    if (other !== undefined)
      throw new UsageError(
        `${path}: two images have the ${what} ${other}${other === text ? '' : `; ${text} is the same one`}.`,
        [todo],
      )
    seen.set(canonical(text), text)
  }
}

/** A project folder takes nothing that it does not know, so which of the two is made would depend on their order. */
const refuseNested = ({ path }: ImagesFile, rows: readonly ImageRow[]): void => {
  for (const { name, folder } of rows) {
    const outer = rows.find(one => folder.startsWith(`${one.folder}${sep}`))
    if (outer !== undefined)
      throw new UsageError(`${path}: the folder of ${name} is in that of ${outer.name}.`, [
        'Give one of them a "folder" next to the other\'s.',
      ])
  }
}
