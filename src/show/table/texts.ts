import type { BuildEnded, BuildStarted, ImageEnd } from '../../run/build-events.ts'
import { counted, duration, size } from '../../text/units.ts'
import { foldLine } from '../fold-text.ts'
import type { Paint } from '../paint.ts'

/** The head of a build: how many images, and how many at once. */
export const headText = ({ images, jobs }: BuildStarted): string =>
  `${counted(images.length, 'image')}, ${jobs} at once`

/** How an image ended, in one line without its name: `117 MB, 31.2 MB compressed`; `long` adds its ID. */
export const endWords = (end: ImageEnd, long = false): string => {
  if (end.outcome === undefined)
    return end.state === 'stopped'
      ? 'not made: stopped'
      : // What an engine says may have lines; above the table it stands as it was said.
        (end.message ?? 'failed').replaceAll(/\s*\n\s*/g, ' ')
  const { uncompressedBytes, compressedBytes, id, proven } = end.outcome
  return [
    size(uncompressedBytes),
    ...(compressedBytes === null ? [] : [`${size(compressedBytes)} compressed`]),
    ...(long ? [id.slice(0, 19)] : []),
    ...(proven ? [] : ['not proven']),
  ].join(', ')
}

/**
 * The end: every image with its size and time, what failed with what to do, and the sum; broken at spaces where a window
 * of so many columns ends.
 */
export const summaryText = (
  { images, seconds }: BuildEnded,
  paint: Paint,
  columns = Infinity,
): string => {
  const width = Math.max(...images.map(({ name }) => name.length))
  const made = images.filter(({ state }) => state === 'made').length
  const rows = images.flatMap(end => [
    `  ${paint[end.state === 'made' ? 'good' : 'bad'](WORDS[end.state])} ${end.name.padEnd(width)}  ${endWords(end, true)}${
      end.state === 'stopped' ? '' : paint.dim(`  ${duration(end.seconds)}`)
    }`,
    ...(end.todo ?? []).map(todo => `${' '.repeat(TODO_AT)}-> ${todo}`),
  ])
  const failed = images.filter(({ state }) => state === 'failed').map(({ name }) => name)
  const sum = [
    `${made} of ${counted(images.length, 'image')} made in ${duration(seconds)}.`,
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join(', ')}.`]),
    ...(made === images.length
      ? []
      : ['The same command makes what is missing, and keeps what is made.']),
  ]
  const folded = (lines: readonly string[], hang?: number): string =>
    lines.flatMap(line => foldLine(line, columns, hang)).join('\n')
  return `\n${folded(rows, TODO_AT + 3)}\n\n${folded(sum)}\n`
}

/** The column where the advice begins. */
const TODO_AT = 11

const WORDS: Readonly<Record<ImageEnd['state'], string>> = {
  made: 'made   ',
  failed: 'failed ',
  stopped: 'stopped',
}
