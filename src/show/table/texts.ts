import type { BuildEnded, BuildStarted, ImageEnd } from '../../run/build-events.ts'
import { counted, duration, size } from '../../text/units.ts'
import type { Paint } from '../paint.ts'

/** The head of a build: how many images, and how many at once. */
export const headText = ({ images, jobs }: BuildStarted): string =>
  `${counted(images.length, 'image')}, ${jobs} at once`

/** What came of an image, in one line without its name: `117 MB, 31.2 MB compressed`; `long` adds its ID. */
export const endWords = (end: ImageEnd, long = false): string => {
  if (end.outcome === undefined)
    return end.state === 'stopped' ? 'not made: stopped' : (end.message ?? 'failed')
  const { uncompressedBytes, compressedBytes, id, proven } = end.outcome
  return [
    size(uncompressedBytes),
    ...(compressedBytes === null ? [] : [`${size(compressedBytes)} compressed`]),
    ...(long ? [id.slice(0, 19)] : []),
    ...(proven ? [] : ['not proven']),
  ].join(', ')
}

/** The end: every image with its size and time, what failed with what to do, and the sum. */
export const summaryText = ({ images, seconds }: BuildEnded, paint: Paint): string => {
  const width = Math.max(...images.map(({ name }) => name.length))
  const made = images.filter(({ state }) => state === 'made').length
  const rows = images.flatMap(end => [
    `  ${paint[end.state === 'made' ? 'good' : 'bad'](WORDS[end.state])} ${end.name.padEnd(width)}  ${endWords(end, true)}${
      end.state === 'stopped' ? '' : paint.dim(`  ${duration(end.seconds)}`)
    }`,
    ...(end.todo ?? []).map(todo => `${' '.repeat(11)}-> ${todo}`),
  ])
  const failed = images.filter(({ state }) => state === 'failed').map(({ name }) => name)
  const sum = [
    `${made} of ${counted(images.length, 'image')} made in ${duration(seconds)}.`,
    ...(failed.length === 0 ? [] : [`Failed: ${failed.join(', ')}.`]),
    ...(made === images.length
      ? []
      : ['The same command makes what is missing, and keeps what is made.']),
  ]
  return `\n${rows.join('\n')}\n\n${sum.join('\n')}\n`
}

const WORDS: Readonly<Record<ImageEnd['state'], string>> = {
  made: 'made   ',
  failed: 'failed ',
  stopped: 'stopped',
}
