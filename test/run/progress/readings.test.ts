import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { ReaderName } from '../../../src/plan/types.ts'
import { makeReader } from '../../../src/run/progress/index.ts'
import { pullApiReader } from '../../../src/run/progress/pull-api.ts'
import { readTranscript, transcriptNames } from '../../fixtures/transcript.ts'
import { replay } from './replay.ts'

type Named = ReaderName | 'pull-api'

/** The reader of a recording, by the first pattern that its name fits. */
const READERS: readonly (readonly [RegExp, Named])[] = [
  [/api-/, 'pull-api'],
  [/^debootstrap|^err-debootstrap/, 'debootstrap'],
  [/push/, 'push'],
  [/^podman.*build|legacy|no-buildx/, 'classic-build'],
  [/rawjson(?!.*cli20\.10$)/, 'buildkit-json'],
  [/build/, 'buildkit-plain'],
  [/apt/, 'apt'],
  [/import/, 'import'],
  [/pull/, 'pull'],
]

const readerOf = (name: string): Named =>
  READERS.find(([pattern]) => pattern.test(name))?.[1] ?? 'lines'

/** What a reader made of a recording, in one line; the digest is of everything that it said. */
const row = (name: string): string => {
  const named = readerOf(name)
  const reader = named === 'pull-api' ? pullApiReader() : makeReader(named)
  const { lines, progress, last } = replay(reader, readTranscript(name).chunks)
  const digest = createHash('sha256')
    .update(JSON.stringify([lines, progress]))
    .digest('hex')
  const told = [`${lines.length} lines`, `${progress.length} told`, JSON.stringify(last)]
  return [name, named, ...told, digest.slice(0, 16)].join(' | ')
}

// What a person sees move while an engine works, for everything that was recorded of engines: vitest -u.
test('each recording reads as it always did', async () => {
  const rows = transcriptNames(/./).map(row)
  await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot('../../fixtures/readings.txt')
})
