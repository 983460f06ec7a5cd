import { TarProblem, UnreadProblem } from '../tar/problem.ts'
import { tarEntries } from '../tar/read.ts'
import type { TarEntry } from '../tar/read.ts'
import { head } from '../tar/streams.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import type { FileSize, Starter, StarterOf } from './types.ts'

/** What a layer holds: regular files, the sum of their sizes, and the ten biggest. */
export interface LayerTally {
  files: number
  contentBytes: number
  biggest: FileSize[]
  /** The bytes of each regular file, 0 for links and whiteouts, by the path; null when these are too many to keep. */
  paths: Map<string, number> | null
  /** What each program asks to be started by, by its path; programs that ask for nothing are not in it. */
  starters: Map<string, Starter>
}

/** What is kept of a layer besides the sums. */
export interface Keeping {
  /** Characters of the paths that may be kept. */
  readonly names: Budget
  readonly starterOf?: StarterOf | undefined
}

/** Returns a tally of nothing, which keeps no paths. */
export const emptyTally = (): LayerTally => ({
  files: 0,
  contentBytes: 0,
  biggest: [],
  paths: null,
  starters: new Map(),
})

const BIGGEST = 10
const MOST_ENTRIES = 5_000_000
const LONGEST_PATH = 4096
/** Of a program the first bytes, in which linkers put what it asks for. */
const PROGRAM_HEAD = 4096

/**
 * Counts the files of a layer's tar into `tally` and reads it to its end; what was counted stays when it throws.
 * @throws TarProblem when the tar is damaged or truncated, or has more entries or a longer path than Linux could use.
 */
export const tallyLayer = async (
  chunks: Chunks,
  tally: LayerTally,
  keeping: Keeping = { names: { remaining: 0 } },
): Promise<void> => {
  let entries = 0
  for await (const entry of tarEntries(chunks)) {
    if (++entries > MOST_ENTRIES)
      throw new UnreadProblem(`it has more than ${MOST_ENTRIES} entries`)
    if (entry.path.length > LONGEST_PATH) throw new TarProblem('it has a path beyond 4096 bytes')
    if (entry.kind !== 'directory') keepPath(entry, tally, keeping.names)
    await keepStarter(entry, tally, keeping)
    if (entry.kind === 'file' && !isWhiteout(entry.path)) countFile(entry, tally)
  }
}

const cleanPath = (path: string): string => path.replace(/^\.?\/+/, '')

const keepPath = ({ path, kind, size }: TarEntry, tally: LayerTally, names: Budget): void => {
  names.remaining -= path.length + PATH_COST
  if (names.remaining < 0) tally.paths = null
  tally.paths?.set(cleanPath(path), kind === 'file' && !isWhiteout(path) ? size : 0)
}

/** A hard link is the file that it leads to, which has come before. */
const keepStarter = async (
  { path, kind, mode, size, linkPath, body }: TarEntry,
  { starters, paths }: LayerTally,
  { starterOf, names }: Keeping,
): Promise<void> => {
  if (starterOf === undefined || paths === null) return
  const isProgram = kind === 'file' && (mode & 0o111) !== 0
  const starter = isProgram
    ? await starterOf(await firstOf(body, Math.min(size, PROGRAM_HEAD)), size)
    : kind === 'hardlink'
      ? starters.get(cleanPath(linkPath))
      : null
  starters.delete(cleanPath(path))
  if (starter === null || starter === undefined) return
  names.remaining -= starter.path.length + PATH_COST
  if (names.remaining >= 0) starters.set(cleanPath(path), starter)
}

const firstOf = async (body: Chunks, length: number): Promise<Buffer> =>
  Buffer.concat(await head(body, length), length)

/** Bytes that a path takes in a map besides its letters, about. */
const PATH_COST = 60

/** Tells whether an entry deletes something of a lower layer instead of being a file. */
export const isWhiteout = (path: string): boolean =>
  path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.')

const countFile = (entry: TarEntry, tally: LayerTally): void => {
  tally.files++
  tally.contentBytes += entry.size
  const smallest = tally.biggest.at(-1)
  if (tally.biggest.length === BIGGEST && entry.size <= (smallest?.bytes ?? 0)) return
  tally.biggest.push({ path: cleanPath(entry.path), bytes: entry.size })
  tally.biggest.sort((a, b) => b.bytes - a.bytes)
  tally.biggest.length = Math.min(tally.biggest.length, BIGGEST)
}
