import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { givenBy } from '../../src/ask/given.ts'
import { archiveText } from '../../src/commands/inspect-text.ts'
import { inspectFile } from '../../src/elf/file-kind.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { refusal } from '../../src/elf/refusal.ts'
import { isPlainError } from '../../src/errors.ts'
import { NotAnArchive } from '../../src/oci/errors.ts'
import { examineSource } from '../../src/oci/inspect.ts'
import { makeReader } from '../../src/run/progress/index.ts'
import { faultOf } from '../../src/run/project/state-file.ts'
import { TarProblem } from '../../src/tar/problem.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { handMade } from '../elf/samples.ts'
import { seeded } from '../run/progress/replay.ts'
import { debTargets } from './deb-targets.ts'

/** Something that reads what others wrote, and whole inputs to begin from. Its `feed` throws only what is a defect. */
export interface Target {
  readonly name: string
  readonly seeds: readonly Buffer[]
  readonly feed: (input: Buffer, room: string) => Promise<void>
}

// From the project's folder: npm run fuzz bundles this file to another place.
const FIXTURES = join(process.cwd(), 'test/fixtures')

const once = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

const archives = readdirSync(join(FIXTURES, 'archives'))
  .filter(name => name.endsWith('.tar.gz'))
  .map(name => gunzipSync(readFileSync(join(FIXTURES, 'archives', name))))

const feedElf: Target['feed'] = async (input, room) => {
  const path = join(room, 'program')
  writeFileSync(path, input)
  refusal(await inspectFile(path), 'program', 'amd64')
}

const feedTar: Target['feed'] = async input => {
  try {
    for await (const entry of tarEntries(once(input))) {
      let bytes = 0
      for await (const chunk of entry.body) if ((bytes += chunk.length) > 1e6) break
    }
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error
  }
}

const STEERS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u

const feedImage: Target['feed'] = async input => {
  try {
    const { facts } = await examineSource({
      path: 'image.tar',
      size: input.length,
      entries: (_, options) => tarEntries(once(input), options),
      part: () => once(input),
    })
    if (STEERS.test(archiveText('image.tar', facts))) throw new Error('a name steers the terminal')
  } catch (error) {
    if (!(error instanceof NotAnArchive)) throw error
  }
}

const feedAnswers: Target['feed'] = async (input, room) => {
  const path = join(room, 'answers.json')
  writeFileSync(path, input)
  try {
    givenBy({ positionals: [], questions: {}, switches: { answers: path } } as never, room)
  } catch (error) {
    if (!isPlainError(error)) throw error
  }
}

const feedState: Target['feed'] = async input => {
  let state: unknown
  try {
    state = JSON.parse(input.toString())
  } catch {
    state = undefined
  }
  faultOf(state)
}

const READERS = ['lines', 'pull', 'apt', 'debootstrap', 'script', 'import'] as const
const BUILDS = ['classic-build', 'buildkit-plain', 'buildkit-json', 'bytes'] as const

const feedTranscript: Target['feed'] = async input => {
  for (const name of [...READERS, ...BUILDS]) {
    const reader = makeReader(name)
    const half = input.length >> 1
    reader.read(input.subarray(0, half), 'stdout')
    reader.read(input.subarray(half), 'stderr')
    reader.end()
  }
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

const ANSWERS = [
  { version: 1, kind: 'minimal', program: 'raw:hi', libc: 'glibc', tag: 'hello', engine: 'none' },
  { version: 1, kind: 'full', release: 'noble', variant: 'minbase', slim: 'no', include: 'a,b' },
]
const STATE = {
  version: 1,
  finished: true,
  answers: { tag: 'x' },
  written: { Dockerfile: 'ab' },
  steps: {
    build: {
      key: 'k',
      outputs: { hello: 'ab' },
      image: { id: 'i', bytes: 1, compressedBytes: 2, sizes: [] },
    },
  },
}

const transcripts = readdirSync(join(FIXTURES, 'transcripts'))
  .map(name => readFileSync(join(FIXTURES, 'transcripts', name)))
  .map(bytes => bytes.subarray(0, 4000))

/** The readers that are fuzzed. */
export const targets: readonly Target[] = [
  {
    name: 'ELF',
    seeds: [
      Buffer.from(rawProgram('Hello\n', 'amd64')),
      Buffer.from(handMade({ interpreter: '/ld.so' })),
    ],
    feed: feedElf,
  },
  { name: 'tar', seeds: archives, feed: feedTar },
  { name: 'OCI documents', seeds: archives, feed: feedImage },
  { name: 'answers', seeds: ANSWERS.map(json), feed: feedAnswers },
  { name: 'state', seeds: [json(STATE)], feed: feedState },
  { name: 'transcripts', seeds: transcripts, feed: feedTranscript },
  ...debTargets,
]

/** Feeds `count` mutated inputs; the same seed gives the same ones. Throws with the input's number when one fails. */
export const fuzz = async (target: Target, count: number, seed: number, room: string) => {
  const random = seeded(seed)
  for (let at = 0; at < count; at++) {
    // What never waits would hear no signal.
    if (at % 1000 === 0) await new Promise(setImmediate)
    const input = mutated(target.seeds, random)
    try {
      await target.feed(input, room)
    } catch (error) {
      throw new Error(`${target.name}: input ${at} of seed ${seed}`, { cause: error })
    }
  }
}

const ODD = ['\0', '\xff', '9'.repeat(20), '-1', '\u001b[2J', '"', '{', '[', 'null', '\n', '../']

const mutated = (seeds: readonly Buffer[], random: () => number): Buffer => {
  const pick = (most: number): number => Math.floor(random() * most)
  let bytes = Buffer.from(seeds[pick(seeds.length)] ?? '')
  for (let edits = 1 + pick(6); edits > 0; edits--) {
    const at = pick(bytes.length + 1)
    const kind = pick(5)
    if (kind === 0) bytes = bytes.subarray(0, at)
    else if (kind === 1 && at < bytes.length) bytes.writeUInt8(pick(256), at)
    else if (kind === 2) {
      const odd = Buffer.from(ODD[pick(ODD.length)] ?? '', 'latin1')
      bytes = Buffer.concat([bytes.subarray(0, at), odd, bytes.subarray(at + odd.length)])
    } else if (kind === 3) {
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + pick(600))])
    } else
      bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - pick(600)))])
  }
  return bytes
}
