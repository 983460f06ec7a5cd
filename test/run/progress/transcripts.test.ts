import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { makeReader } from '../../../src/run/progress/index.ts'
import { pullApiReader } from '../../../src/run/progress/pull-api.ts'
import type { Progress, Reader } from '../../../src/run/progress/reader.ts'
import { withoutBuilderNote } from '../../../src/run/progress/builder-note.ts'
import { readTranscript, transcriptNames } from '../../fixtures/transcript.ts'
import { byteByByte, mutated, randomCuts, replay, seeded } from './replay.ts'
import type { Replay } from './replay.ts'

const READERS: Readonly<Record<string, () => Reader>> = {
  lines: () => makeReader('lines'),
  pull: () => makeReader('pull'),
  apt: () => makeReader('apt'),
  'classic-build': () => makeReader('classic-build'),
  'buildkit-plain': () => makeReader('buildkit-plain'),
  'buildkit-json': () => makeReader('buildkit-json'),
  bytes: () => makeReader('bytes'),
  'pull-api': pullApiReader,
}
const CONTROL = /[\0-\x08\n-\x1f\x7f-\x9f]/
const NAMES = transcriptNames(
  /^build-|^pull-|^apt-|^podman\d-.*(?:pull|build)|^err-(?:pull|build|apt)/,
)

/** The reader that a run would take for the command of a transcript. */
const readerOf = (name: string): string => {
  if (name.includes('api-')) return 'pull-api'
  if (name.startsWith('podman')) return name.includes('pull') ? 'pull' : 'classic-build'
  if (name.includes('rawjson') && !/cli20\.10$|legacy/.test(name)) return 'buildkit-json'
  if (/legacy|no-buildx/.test(name)) return 'classic-build'
  if (name.includes('build')) return 'buildkit-plain'
  return name.includes('apt') ? 'apt' : 'pull'
}

const read = (reader: string, pieces: Parameters<typeof replay>[1]): Replay =>
  replay(READERS[reader]?.() ?? makeReader('lines'), pieces)

/** The progress that breaks a promise: it falls, is done beyond its total, or says nothing new. */
const broken = (progress: readonly Progress[]): Progress[] => {
  let fraction = 0
  return progress.filter((each, index) => {
    const fell = (each.fraction ?? fraction) < fraction || (each.fraction ?? 0) > 1
    fraction = each.fraction ?? fraction
    const beyond = (each.done ?? 0) > (each.total ?? Infinity)
    return fell || beyond || isDeepStrictEqual(each, progress[index - 1])
  })
}

const checkPromises = ({ progress, lines }: Replay): void => {
  expect(broken(progress)).toEqual([])
  expect(lines.filter(line => CONTROL.test(line))).toEqual([])
}

test.each(NAMES)('%s reads the same wherever it is cut', name => {
  const reader = readerOf(name)
  const { chunks } = readTranscript(name)
  const wanted = read(reader, chunks)
  checkPromises(wanted)
  const random = seeded(7)
  const cuts = [byteByByte(chunks), ...[1, 2, 3].map(() => randomCuts(chunks, random))]
  for (const pieces of cuts) {
    const got = read(reader, pieces)
    expect(got.lines).toEqual(wanted.lines)
    expect(got.last).toEqual(wanted.last)
    checkPromises(got)
  }
})

test.each(Object.keys(READERS))(
  'the %s reader keeps its promises on broken output of any kind',
  reader => {
    for (const [index, name] of NAMES.entries()) {
      const random = seeded(index)
      const { chunks } = readTranscript(name)
      checkPromises(read(reader, mutated(randomCuts(chunks, random), random)))
    }
  },
)

test.each(
  NAMES.filter(
    name => ['lines', 'pull', 'classic-build'].includes(readerOf(name)) && !name.includes('tty'),
  ),
)('%s has every line in the log, once and in order, but the builder’s note on itself', name => {
  const { chunks } = readTranscript(name)
  const wanted = chunks
    .map(({ bytes }) => new TextDecoder().decode(bytes).replaceAll(/\u001b\[\d+m/g, ''))
    .flatMap(text => text.replace(/\n$/, '').split('\n'))
    .map(text => text.replace(/\r+$/, '').replace(/.*\r/, ''))
    .filter(withoutBuilderNote())
  const { lines } = read(readerOf(name), chunks)
  const ending = wanted.at(-1) === '' ? wanted.slice(0, -1) : wanted
  expect(lines).toEqual(ending)
})

test.each(NAMES.filter(name => readerOf(name) === 'buildkit-plain' && !name.includes('tty')))(
  '%s has every line in the log, in order, but repetitions',
  name => {
    const { chunks } = readTranscript(name)
    const { lines } = read('buildkit-plain', chunks)
    const headers = new Set<string>()
    const left = [...lines]
    const dropped = chunks
      .map(({ bytes }) => new TextDecoder().decode(bytes).replace(/\n$/, ''))
      .filter(text => {
        if (left[0] === text) headers.add(left.shift() ?? '')
        else return !headers.has(text)
        return false
      })
    expect(left).toEqual([])
    const repetition =
      /^$|^#\d+ (?:sha256:[0-9a-f]{64}(?: [\d.]+k?M?B \/ .*)?|\.\.\.|(?:extracting|exporting) .*)$/
    expect(dropped.filter(text => !repetition.test(text) || text.endsWith(' done'))).toEqual([])
  },
)
