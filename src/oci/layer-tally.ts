import { TarProblem, UnreadProblem } from '../tar/problem.ts'
import { tarEntries } from '../tar/read.ts'
import type { TarEntry } from '../tar/read.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import type { FileSize } from './types.ts'

/** What a layer holds: regular files, the sum of their sizes, and the ten biggest. */
export interface LayerTally {
  files: number
  contentBytes: number
  biggest: FileSize[]
  /** The bytes of each regular file, 0 for links and whiteouts, by the path; null when these are too many to keep. */
  paths: Map<string, number> | null
}

const BIGGEST = 10
const MOST_ENTRIES = 5_000_000
const LONGEST_PATH = 4096

/**
 * Counts the files of a layer's tar into `tally` and reads it to its end; what was counted stays when it throws.
 * @throws TarProblem when the tar is damaged or cut, or has more entries or a longer path than Linux could use.
 */
export const tallyLayer = async (
  chunks: Chunks,
  tally: LayerTally,
  names: Budget = { left: 0 },
): Promise<void> => {
  let entries = 0
  for await (const entry of tarEntries(chunks)) {
    if (++entries > MOST_ENTRIES)
      throw new UnreadProblem(`it has more than ${MOST_ENTRIES} entries`)
    if (entry.path.length > LONGEST_PATH) throw new TarProblem('it has a path beyond 4096 bytes')
    if (entry.kind !== 'directory') keepPath(entry, tally, names)
    if (entry.kind === 'file' && !isWhiteout(entry.path)) countFile(entry, tally)
  }
}

const cleanPath = (path: string): string => path.replace(/^\.?\/+/, '')

const keepPath = ({ path, kind, size }: TarEntry, tally: LayerTally, names: Budget): void => {
  names.left -= path.length + PATH_COST
  if (names.left < 0) tally.paths = null
  tally.paths?.set(cleanPath(path), kind === 'file' && !isWhiteout(path) ? size : 0)
}

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
