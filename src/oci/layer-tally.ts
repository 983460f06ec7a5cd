import { TarProblem, UnreadProblem } from '../tar/problem.ts'
import { tarEntries } from '../tar/read.ts'
import type { TarEntry } from '../tar/read.ts'
import type { Chunks } from '../tar/streams.ts'
import type { FileSize } from './types.ts'

/** What a layer holds: regular files, the sum of their sizes, and the ten biggest. */
export interface LayerTally {
  files: number
  contentBytes: number
  biggest: FileSize[]
}

const BIGGEST = 10
const MOST_ENTRIES = 5_000_000
const LONGEST_PATH = 4096

/**
 * Counts the files of a layer's tar into `tally` and reads it to its end; what was counted stays when it throws.
 * @throws TarProblem when the tar is damaged or cut, or has more entries or a longer path than Linux could use.
 */
export const tallyLayer = async (chunks: Chunks, tally: LayerTally): Promise<void> => {
  let entries = 0
  for await (const entry of tarEntries(chunks)) {
    if (++entries > MOST_ENTRIES)
      throw new UnreadProblem(`it has more than ${MOST_ENTRIES} entries`)
    if (entry.path.length > LONGEST_PATH) throw new TarProblem('it has a path beyond 4096 bytes')
    if (entry.kind === 'file' && !isWhiteout(entry.path)) countFile(entry, tally)
  }
}

/** Tells whether an entry deletes something of a lower layer instead of being a file. */
const isWhiteout = (path: string): boolean =>
  path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.')

const countFile = (entry: TarEntry, tally: LayerTally): void => {
  tally.files++
  tally.contentBytes += entry.size
  const smallest = tally.biggest.at(-1)
  if (tally.biggest.length === BIGGEST && entry.size <= (smallest?.bytes ?? 0)) return
  const path = entry.path.replace(/^\.?\/+/, '')
  tally.biggest.push({ path, bytes: entry.size })
  tally.biggest.sort((a, b) => b.bytes - a.bytes)
  tally.biggest.length = Math.min(tally.biggest.length, BIGGEST)
}
