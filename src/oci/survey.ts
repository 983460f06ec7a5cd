import { posix } from 'node:path'
import { readBlob } from './blob.ts'
import type { Limits, StoredBlob } from './blob.ts'
import { shown, TarProblem, UnreadProblem } from '../tar/problem.ts'
import type { TarEntry } from '../tar/read.ts'
import type { ArchiveSource } from './source.ts'
import { nameWatch } from './whole.ts'
import type { WholeKind } from './whole.ts'
import type { NotLookedAt, StarterOf } from './types.ts'

/** A JSON file: its text, or why nobody looked; neither when it is missing or does not look like JSON. */
export interface FoundDocument {
  readonly text: string | null
  readonly unread: string | null
}

/** Everything that one reading of an archive tells. */
export interface Survey {
  /** Returns the file of that name, through links; null when there is none. */
  readonly find: (name: string) => StoredBlob | null
  readonly document: (name: string) => FoundDocument
  /** Returns whether a name is a link to something outside of what is read. */
  readonly leadsOut: (name: string) => boolean
  readonly problems: readonly string[]
  readonly notLookedAt: readonly NotLookedAt[]
  readonly notes: readonly string[]
  /** What it is when it is not an image archive, by the names in it; null when they tell nothing. */
  readonly whole: WholeKind | null
}

interface Index {
  readonly blobs: Map<string, StoredBlob>
  readonly links: Map<string, string>
}

interface Reading {
  readonly index: Index
  readonly names: ReturnType<typeof nameWatch>
  readonly notes: string[]
  readonly limits: Limits
}

const MOST_ENTRIES = 20_000
/** After this many entries a root filesystem is known not to be an image. */
const ENOUGH = 2000
const LONGEST_NAME = 512
const MOST_LINKS = 16
const GIB = 1024 ** 3

/**
 * Returns what one reading of an archive from start to end tells: every file in it hashed, every layer listed, every
 * small JSON file kept. Memory is bounded whatever the archive holds. With `starterOf` it also reports what programs ask for.
 */
export const survey = async (
  source: ArchiveSource,
  signal?: AbortSignal,
  starterOf?: StarterOf,
): Promise<Survey> => {
  const index: Index = { blobs: new Map(), links: new Map() }
  const limits = { ...limitsFor(source), starterOf }
  const reading: Reading = { index, names: nameWatch(), notes: [], limits }
  const ended = await readAll(source, reading, signal)
  const find = (name: string): StoredBlob | null => findBlob(index, name)
  const document = (name: string): FoundDocument => {
    const content = find(name)?.content
    return {
      text: content?.kind === 'json' ? content.text : null,
      unread: content?.kind === 'unread' ? content.why : null,
    }
  }
  const leadsOut = (name: string): boolean =>
    (index.links.get(cleanName(name)) ?? '').startsWith('../')
  return {
    find,
    document,
    leadsOut,
    problems: [...ended.problems, ...wronglyNamed(index)],
    notLookedAt: ended.notLookedAt,
    notes: reading.notes,
    whole: reading.names.kind(),
  }
}

// Honest images expand to a few times their size; files of zeros to a thousand times, hence the 16 GiB.
const limitsFor = (source: ArchiveSource): Limits => ({
  expanded: { remaining: Math.max(16 * GIB, source.size * 200) },
  json: { remaining: 32 * 1024 * 1024 },
  layers: { remaining: 2000 },
  names: { remaining: 128 * 1024 * 1024 },
})

interface Ended {
  readonly problems: readonly string[]
  readonly notLookedAt: readonly NotLookedAt[]
}

const readAll = async (
  source: ArchiveSource,
  reading: Reading,
  signal: AbortSignal | undefined,
): Promise<Ended> => {
  try {
    await readEntries(source, reading, signal)
    return { problems: [], notLookedAt: [] }
  } catch (error) {
    if (error instanceof UnreadProblem) {
      return {
        problems: [],
        notLookedAt: [{ what: 'The rest of the archive', why: error.message }],
      }
    }
    if (!(error instanceof TarProblem)) throw error
    const problem = `The archive cannot be read to its end: ${error.message}.`
    return { problems: [problem], notLookedAt: [] }
  }
}

const readEntries = async (
  source: ArchiveSource,
  reading: Reading,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { limits } = reading
  const onMissingEnd = (): void =>
    void reading.notes.push('It lacks the zeros that end a tar; engines read it all the same.')
  let entries = 0
  for await (const entry of source.entries(limits.expanded, { onMissingEnd, signal })) {
    if (++entries > ENOUGH && reading.names.isNoArchive()) return
    if (entries > MOST_ENTRIES) throw new UnreadProblem(`it has more than ${MOST_ENTRIES} entries`)
    await readEntry(entry, reading)
  }
}

const readEntry = async (entry: TarEntry, reading: Reading): Promise<void> => {
  const { index, names, limits } = reading
  const name = cleanName(entry.path)
  names.add(name, entry.kind)
  if (name.length > LONGEST_NAME) {
    if (names.isNoArchive()) return
    throw new UnreadProblem('it has a name beyond 512 bytes')
  }
  if (entry.kind === 'file') {
    index.blobs.set(name, await readBlob(entry, name, limits))
    index.links.delete(name)
  }
  const target = linkTarget(entry, name)
  if (target !== null && target.length <= LONGEST_NAME) index.links.set(name, target)
}

const cleanName = (path: string): string => posix.normalize(path).replace(/^(\.?\/)+/, '')

// `docker save` before 25 wrote a layer that two images share as a symbolic link to the first one's.
const linkTarget = (entry: TarEntry, name: string): string | null => {
  if (entry.kind === 'hardlink') return cleanName(entry.linkPath)
  if (entry.kind !== 'symlink') return null
  return cleanName(posix.join(posix.dirname(name), entry.linkPath))
}

const findBlob = (index: Index, name: string): StoredBlob | null => {
  let at = cleanName(name)
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = index.links.get(at)
    if (target === undefined) return index.blobs.get(at) ?? null
    at = target
  }
  return null
}

// Blobs, and the configs of a docker-archive, are named by their digest.
const wronglyNamed = (index: Index): string[] =>
  [...index.blobs].flatMap(([name, blob]) => {
    const promised = promisedDigest(name, blob)
    const found = blob.named ?? blob.digest
    if (promised === null || promised === found) return []
    return [`${shown(name)} is damaged: its bytes have the digest ${found}.`]
  })

const promisedDigest = (name: string, blob: StoredBlob): string | null => {
  if (blob.named !== undefined) return name.replace(/^blobs\//, '').replace('/', ':')
  const match = /^(?:blobs\/sha256\/([0-9a-f]{64})|([0-9a-f]{64})\.(?:json|tar))$/.exec(name)
  const hex = match?.[1] ?? match?.[2]
  return hex === undefined ? null : `sha256:${hex}`
}
