import { createHash } from 'node:crypto'
import { BLOCK, isZeros } from '../tar/block.ts'
import { compressionOf, decompressed } from '../tar/compression.ts'
import { isHeader } from '../tar/header.ts'
import { TarProblem, UnreadProblem } from '../tar/problem.ts'
import type { TarEntry } from '../tar/read.ts'
import { counted, drain, hashed, head, metered, prepended } from '../tar/streams.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import { namedDigest, plainHash } from './digest.ts'
import { emptyTally, tallyLayer } from './layer-tally.ts'
import type { Keeping, LayerTally } from './layer-tally.ts'

/** A file of an archive after it was read once. */
export interface StoredBlob {
  /** Where it is in the uncompressed archive. */
  readonly offset: number
  readonly size: number
  /** `sha256:…` of the bytes as stored. */
  readonly digest: string
  /** The digest by the algorithm that the file's name gives, when that is another one that is known. */
  readonly named?: string
  /** Whether the archive stores it with holes, so that its bytes are not in one piece. */
  readonly isSparse: boolean
  readonly content: LayerContent | JsonContent | UnreadContent | null
}

/** It is a tar, perhaps compressed. */
export interface LayerContent extends LayerTally {
  readonly kind: 'layer'
  /** `sha256:…` of the uncompressed tar; null when it could not be read to its end. */
  readonly diffId: string | null
  /** Whether it is stored as it is, not compressed. */
  readonly isPlain: boolean
  /** Bytes of the uncompressed tar. */
  readonly bytes: number
  /** Why it could not be read to its end, as a clause. */
  readonly problem: string | null
  /** Why it was not read to its end, as a clause: it may be right. */
  readonly unread: string | null
}

/** It looks like JSON and is small enough to be kept. */
export interface JsonContent {
  readonly kind: 'json'
  readonly text: string
}

/** Nobody looked into it. */
export interface UnreadContent {
  readonly kind: 'unread'
  /** Why, as a clause. */
  readonly why: string
}

/** What reading an archive may use up, over all of its blobs, and what it looks for in them. */
export interface Limits extends Keeping {
  readonly expanded: Budget
  readonly json: Budget
  readonly layers: Budget
}

const LONGEST_JSON = 4 * 1024 * 1024

/** Returns a file of an archive, read once in bounded memory. Throws TarProblem when the archive ends within it. */
export const readBlob = async (
  entry: TarEntry,
  name: string,
  limits: Limits,
): Promise<StoredBlob> => {
  if (entry.isSparse) spend(limits.expanded, entry.size)
  const hash = createHash('sha256')
  const other = plainHash(name)
  // Each reading of the body continues where the last one stopped, so that every byte is hashed once.
  const rest = (): Chunks => {
    const chunks = hashed(entry.body, hash)
    return other === null ? chunks : hashed(chunks, other.hash)
  }
  const first = await head(rest(), BLOCK)
  const content = await contentOf(entry, first, rest, limits)
  await drain(rest())
  const digest = `sha256:${hash.digest('hex')}`
  const isPlain = content?.kind === 'layer' && content.diffId === PLAIN
  return {
    offset: entry.offset,
    size: entry.size,
    digest,
    ...(other === null ? {} : { named: namedDigest(other) }),
    isSparse: entry.isSparse,
    content: isPlain ? { ...content, diffId: digest, bytes: entry.size } : content,
  }
}

// The holes of a sparse file cost the tar nothing, and may be as big as numbers go.
const spend = (budget: Budget, bytes: number): void => {
  budget.remaining -= bytes
  if (budget.remaining < 0) throw new UnreadProblem('it expands to more than is believable')
}

// An uncompressed layer's diffID is its digest, which is known only when all of it was read.
const PLAIN = 'as stored'

const contentOf = async (
  entry: TarEntry,
  first: readonly Uint8Array[],
  rest: () => Chunks,
  limits: Limits,
): Promise<StoredBlob['content']> => {
  const start = Buffer.concat(first).subarray(0, BLOCK)
  const isLayer = compressionOf(start) !== 'none' || isTar(start, entry.size)
  if (isLayer) return readLayer(start, prepended(first, rest()), limits)
  if (!LIKE_JSON.test(start.toString('latin1'))) return null
  limits.json.remaining -= entry.size
  if (entry.size > LONGEST_JSON || limits.json.remaining < 0) {
    return { kind: 'unread', why: 'it is too big for a document of an image' }
  }
  return { kind: 'json', text: await textOf(prepended(first, rest())) }
}

// With the marks that editors of Windows put before it: what it is must be said, not guessed.
const LIKE_JSON = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*[[{]/

// An empty layer is nothing but zeros.
const isTar = (start: Buffer, size: number): boolean =>
  isHeader(start) || (size >= 2 * BLOCK && size % BLOCK === 0 && isZeros(start))

const textOf = async (chunks: Chunks): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts).toString()
}

const readLayer = async (
  start: Buffer,
  chunks: Chunks,
  limits: Limits,
): Promise<LayerContent | UnreadContent> => {
  if (--limits.layers.remaining < 0)
    return { kind: 'unread', why: 'it is one layer too many to look at' }
  const compression = compressionOf(start)
  const hash = createHash('sha256')
  const count = { bytes: 0 }
  const plain = counted(metered(decompressed(chunks, compression), limits.expanded), count)
  const isPlain = compression === 'none'
  const { tally, problem, unread } = await tallyOf(isPlain ? plain : hashed(plain, hash), limits)
  const isWhole = problem === null && unread === null
  const diffId = isPlain ? PLAIN : isWhole ? `sha256:${hash.digest('hex')}` : null
  return { kind: 'layer', ...tally, bytes: count.bytes, isPlain, diffId, problem, unread }
}

interface Tallied {
  readonly tally: LayerTally
  readonly problem: string | null
  readonly unread: string | null
}

const tallyOf = async (chunks: Chunks, keeping: Keeping): Promise<Tallied> => {
  const tally = { ...emptyTally(), paths: new Map<string, number>() }
  try {
    await tallyLayer(chunks, tally, keeping)
    return { tally, problem: null, unread: null }
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error
    const isUnread = error instanceof UnreadProblem
    const why = error.message
    return { tally, problem: isUnread ? null : why, unread: isUnread ? why : null }
  }
}
