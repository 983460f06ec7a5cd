import { paddingBytes } from './block.ts'
import { shown, TarProblem } from './problem.ts'
import type { SparseMap } from './sparse.ts'
import type { ByteReader, Chunks } from './streams.ts'

/** How an entry's body lies in the tar: `stored` bytes of it, and where they belong when it has holes. */
export interface BodyLayout {
  readonly map: SparseMap | null
  readonly stored: number
}

/** An entry's body. */
export interface EntryBody {
  /** The entry's name as text. */
  readonly name: string
  readonly body: Chunks
  /** Skips what nobody read, and the padding. */
  readonly finish: () => Promise<void>
}

const CHUNK = 1024 * 1024
const HOLE = Buffer.alloc(64 * 1024)

/** Returns an entry's body, read as it is asked for. Its reading throws TarProblem when the tar ends within it. */
export const entryBody = (
  reader: ByteReader,
  pathBytes: Buffer,
  { map, stored }: BodyLayout,
): EntryBody => {
  const name = pathBytes.toString()
  let remaining = stored
  const take = async (most: number): Promise<Buffer> => {
    const bytes = await reader.some(Math.min(CHUNK, most))
    if (bytes.length === 0) throw new TarProblem(`it ends early, within ${shown(name)}`)
    return bytes
  }
  const part = async (most: number): Promise<Buffer> => {
    if (remaining < 1) throw new TarProblem(`${shown(name)} has fewer bytes than its map says`)
    const bytes = await take(Math.min(remaining, most))
    remaining -= bytes.length
    return bytes
  }
  const plain = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (remaining === 0) return
      yield await part(remaining)
    }
  }
  const finish = async (): Promise<void> => {
    for (let rest = remaining + paddingBytes(stored); rest > 0;) rest -= (await take(rest)).length
  }
  const iterate = map === null ? plain : withHoles(map, part)
  return { name, body: { [Symbol.asyncIterator]: iterate }, finish }
}

// The place in the file is kept between readers: the next one goes on there.
const withHoles = (
  { size, segments }: SparseMap,
  part: (most: number) => Promise<Buffer>,
): (() => AsyncGenerator<Uint8Array>) => {
  let at = 0
  let segment = 0
  return async function* () {
    while (at < size) {
      const next = segments[segment]
      if (next !== undefined && at === next.offset + next.length) segment++
      else if (next === undefined || at < next.offset) {
        const hole = HOLE.subarray(0, (next?.offset ?? size) - at)
        at += hole.length
        yield hole
      } else {
        const bytes = await part(next.offset + next.length - at)
        at += bytes.length
        yield bytes
      }
    }
  }
}
