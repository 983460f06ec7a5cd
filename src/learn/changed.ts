import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Step } from '../plan/types.ts'
import { query, type Client } from '../run/clean-up/containers.ts'
import { parseSize } from '../text/parse-size.ts'
import { counted, size } from '../text/units.ts'
import { wrap } from '../text/wrap.ts'
import { barLines, clipped, stackLines, type Drawing, type Layer } from './bars.ts'

/** Where a step has worked. */
export interface Workplace {
  /** The project folder, absolute. */
  readonly directory: string
  /** The engine's client, or null without an engine. */
  readonly client: Client | null
}

/** Returns what a step has changed in this machine, in lines to read; none when it only looked. */
export const changedBy = async (
  step: Step,
  commands: readonly string[],
  { directory, client }: Workplace,
  drawing: Drawing,
): Promise<string[]> => {
  if (step.id === 'files') return folderLines(directory, drawing)
  const files = [...(step.outputs ?? []), ...(step.to.kind === 'file' ? [step.to.file] : [])]
  if (files.length > 0)
    return filesLines(directory, [...new Set(files)], step.inputs ?? [], drawing)
  const image = imageNamed(commands)
  return image === null || client === null ? [] : imageLines(image, client, drawing)
}

/** Returns the image that a step's commands made, got or named; null when they did nothing of the kind. */
export const imageNamed = (commands: readonly string[]): string | null => {
  for (const command of commands.toReversed()) {
    const words = (command.split(' | ').at(-1) ?? '').split(' ')
    const verb = words[1] ?? ''
    if (verb === 'build') return words[words.indexOf('--tag') + 1] ?? null
    if (['pull', 'commit', 'import', 'tag'].includes(verb)) return words.at(-1) ?? null
  }
  return null
}

const FIRST_LINES = 8

const folderLines = (directory: string, drawing: Drawing): string[] => {
  const names = readdirSync(directory).filter(name => name !== '.create-base-image')
  return [
    ...wrap(`In the folder: ${names.sort().join(', ')}`, drawing.width),
    '',
    'Dockerfile',
    ...firstLines(join(directory, 'Dockerfile'), drawing),
  ]
}

/** What was made next to what it was made from, and the beginning of what can be read. */
const filesLines = (
  directory: string,
  made: readonly string[],
  from: readonly string[],
  drawing: Drawing,
): string[] => {
  const sized = [...from, ...made].flatMap(name => {
    const stat = statSync(join(directory, name), { throwIfNoEntry: false })
    return stat?.isFile() === true ? [{ name, bytes: stat.size }] : []
  })
  return [
    ...barLines(sized, drawing),
    ...made.flatMap(file => contentLines(join(directory, file), file, drawing)),
  ]
}

const contentLines = (path: string, file: string, drawing: Drawing): string[] => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isDirectory())
    return [`${file}/  ${readdirSync(path, { recursive: true }).length} files and folders`]
  return isText(path) ? firstLines(path, drawing) : []
}

/** A NUL is in every program, and in no text. */
const isText = (path: string): boolean => !readFileSync(path).subarray(0, 4096).includes(0)

const firstLines = (path: string, { width, unicode }: Drawing): string[] => {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const bar = unicode ? '│' : '|'
  const more = lines.length - FIRST_LINES
  return [
    ...lines
      .slice(0, FIRST_LINES)
      .flatMap(line => wholeLines(line, width - 2, unicode))
      .map(line => `${bar} ${line}`),
    ...(more > 0 ? [`${bar} and ${counted(more, 'more line')}`] : []),
  ].map(line => line.trimEnd())
}

/** A comment is there to be read, so it continues in the next line; of any other line the beginning says what it is. */
const wholeLines = (line: string, width: number, unicode: boolean): string[] =>
  line.startsWith('# ')
    ? wrap(line.slice(2), width - 2).map(part => `# ${part}`)
    : [clipped(line, width, unicode)]

const LAYERS_SHOWN = 6

/** The image drawn by its own history. */
const imageLines = async (image: string, client: Client, drawing: Drawing): Promise<string[]> => {
  const args = ['image', 'history', '--human=false', '--no-trunc', '--format', FORMAT, image]
  const { exitCode, stdout } = await query(client, args, 10)
  if (exitCode !== 0) return []
  const layers = stdout.split('\n').filter(Boolean).map(layerOf)
  const shown = layers.slice(0, LAYERS_SHOWN)
  const below = layers.slice(LAYERS_SHOWN)
  const rest = below.reduce((sum, { bytes }) => sum + bytes, 0)
  const ground =
    below.length === 0 ? 'scratch: nothing' : `and ${below.length} more below: ${size(rest)}`
  return [
    ...wrap(`${image}, as ${client.program} image history shows it:`, drawing.width),
    ...stackLines(shown, ground, drawing).map(line => `  ${line}`),
  ]
}

const FORMAT = '{{.Size}}\t{{.CreatedBy}}\t{{.Comment}}'

/** What the engine writes before an instruction is not what the person wrote. */
const layerOf = (line: string): Layer => {
  const [bytes = '0', createdBy = '', comment = ''] = line.split('\t')
  const instruction = createdBy
    .replace(/^\/bin\/sh -c #\(nop\)\s*/, '')
    .replace(/ *# buildkit$/, '')
    .replace(/^(ADD|COPY) (?:multi|file|dir):[0-9a-f]+ in /, '$1 a file to ')
  return { bytes: bytesOf(bytes), name: instruction.trim() || comment || 'files' }
}

/** Podman rounds for people whatever it is asked (measured: 4.3 with --human=false says 766 kB). */
const bytesOf = (text: string): number =>
  /^\d+$/.test(text) ? Number(text) : (parseSize(text) ?? 0)
