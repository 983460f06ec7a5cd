import { expect, test } from 'vitest'
import type { ReaderName } from '../../../src/plan/types.ts'
import { makeReader } from '../../../src/run/progress/index.ts'
import { err, out, replay } from './replay.ts'

const ID = '83437df93512'
const HASH = 'a'.repeat(64)

/** Lines that only hold what a reader looks for: a program in a container prints what it likes. */
const NEAR: Readonly<Partial<Record<ReaderName, readonly string[]>>> = {
  push: [
    `x${ID}: Pushed`,
    `x Copying blob sha256:${HASH}`,
    'x Copying image sha256:6b06 (2/4)',
    'Copying image (2/4)',
  ],
  pull: [
    `x${ID}: Pulling fs layer`,
    `${ID}x: Pulling fs layer`,
    `${ID}: pulling`,
    `x Copying blob ${ID}`,
    'x Copying config sha256:1',
    'x Status: Downloaded',
  ],
  'classic-build': [
    'x Step 1/3 : FROM scratch',
    'Step 1/3 x: FROM scratch',
    'step 1/3 : FROM scratch',
    'x Sending build context to Docker daemon  5.1kB',
    'Sending build context to Docker daemon  5.1kB x',
    `x Successfully built ${ID}`,
    `Successfully built ${ID} x`,
    `x sha256:${HASH}`,
    `sha256:${HASH}x`,
  ],
  apt: [
    'x dlstatus:1:50.0:Retrieving file 1 of 2',
    'dlstatus:x:50.0:Retrieving file 1 of 2',
    'x pmstatus:gcc:50.0:Installing gcc',
    'x 3 upgraded, 4 newly installed, 0 to remove',
  ],
  script: [
    'x P: 1 2 bytes',
    'P: 1 2 bytesx',
    'P: 1 2 words',
    'P: 1 bytes',
    'x S: 1 50',
    'S: 1 50 x',
    'x Z: 5 as made',
    'Z: 5x',
    'x M: https://m.example',
    'M: https://m.example x',
    'M: ftp://m.example',
    'x T: do it',
    'T: ',
  ],
  debootstrap: [
    'x P: 1 2 DOWNPKGS',
    'x Z: 5 as made',
    'x M: https://m.example',
    'x T: do it',
    'x I: RETRIEVING',
    'I: RETRIEVING x',
    'I: Retrieving',
    'I: 1A',
    'x IA: apt',
    'x IF: words',
    'IB: words',
    'x Unpacking libc6 (2.36) ...',
    'Unpacking libc6',
    'Unpacking LIBC (2.36) ...',
  ],
  'buildkit-plain': ['x#1 [1/2] FROM scratch', '#x [1/2] FROM scratch', '# 1 [1/2] FROM scratch'],
}

const CASES = Object.entries(NEAR).flatMap(([name, lines]) =>
  lines.map(line => [name as ReaderName, line] as const),
)

test.each(CASES)('%s takes no notice of: %s', (name, line) => {
  for (const piece of [out, err]) {
    // A tool of Debian says what it does on stdout and stderr alike, apt its state on one of them.
    const { lines, progress } = replay(makeReader(name), [piece(`${line}\n`)])
    expect(progress).toEqual([])
    expect(lines.map(text => text.trimEnd())).toEqual([line.trimEnd()])
  }
})

const said = (name: ReaderName, ...lines: string[]) =>
  replay(makeReader(name), [err(lines.map(line => `${line}\n`).join(''))])

test('a script’s words stay until others come, and its share is that of the whole', () => {
  const { progress, lines } = said(
    'script',
    'T: fetch',
    'S: 20 60',
    'P: 1 2 bytes',
    'P: 2 2 packages more words',
    'P: 5 0 steps',
    'Z: 5000 as made',
    'Z: 4000 cleaned',
  )
  expect(progress.at(-1)).toEqual({
    fraction: 0.6,
    done: 0,
    total: 0,
    unit: 'steps',
    text: 'more words',
  })
  expect(lines[0]).toBe('fetch')
  expect(lines.slice(1)).toHaveLength(2)
  expect(said('script', 'T: fetch', 'S: 20 60', 'P: 1 2 bytes').progress.at(-1)).toEqual({
    fraction: 0.4,
    done: 1,
    total: 2,
    unit: 'bytes',
    text: 'fetch',
  })
})

test('of a push by docker each layer counts as what is said of it last', () => {
  const states = ['Preparing', 'Waiting', 'Mounted from a/b', 'Layer already exists', 'Pushed']
  const done = states.map(
    state => said('push', `${ID}: Preparing`, `${ID}: ${state}`).progress.at(-1)?.done,
  )
  expect(done).toEqual([0, 0, 1, 1, 1])
  expect(said('push', `${ID}: x Pushed`).progress.at(-1)).toMatchObject({ done: 0, total: 1 })
  const blob = `Copying blob ${ID}`
  expect(said('push', blob, 'x Copying config').progress.at(-1)).toMatchObject({ done: 0 })
  for (const end of ['Copying config sha256:1', 'Writing manifest to image destination'])
    expect(said('push', blob, end).progress.at(-1)).toMatchObject({ done: 1 })
  expect(said('push', 'Copying image sha256:1 (1/4)').progress.at(-1)).toMatchObject({
    fraction: 0,
  })
})
