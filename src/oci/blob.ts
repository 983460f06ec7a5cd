import { createHash } from 'node:crypto'
import { compressionOf, decompressed } from '../tar/compression.ts'
import { TarProblem } from '../tar/problem.ts'
import { tallyLayer } from './layer-tally.ts'
import type { LayerTally } from './layer-tally.ts'
import type { TarEntry } from '../tar/read.ts'
import { counted, drain, hashed, head, metered, prepended } from '../tar/streams.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import { BLOCK, isZeros } from '../tar/block.ts'
import { isHeader } from '../tar/header.ts'

/** A file of an archive after it was read once. */
export interface StoredBlob {
  /** Where it is in the uncompressed archive. */
  readonly offset: number
  readonly size: number
  /** `sha256:…` of the bytes as stored. */
  readonly digest: string
  readonly content: LayerContent | JsonContent | null
}

/** It is a tar, perhaps compressed. */
export interface LayerContent extends LayerTally {
  readonly kind: 'layer'
  /** `sha256:…` of the uncompressed tar; null when it could not be read to its end. */
  readonly diffId: string | null
  /** Bytes of the uncompressed tar. */
  readonly bytes: number
  /** Why it could not be read to its end, as a clause. */
  readonly problem: string | null
}

/** It looks like JSON and is small enough to be kept. */
export interface JsonContent {
  readonly kind: 'json'
  readonly text: string
}

/** What reading an archive may use up, over all of its blobs. */
export interface Limits {
  readonly expanded: Budget
  readonly json: Budget
  readonly layers: Budget
}

const LONGEST_JSON = 4 * 1024 * 1024

/** Reads a file of an archive once, in bounded memory: its digest, and what is in it. @throws TarProblem when the archive ends within it. */
export const readBlob = async (entry: TarEntry, limits: Limits): Promise<StoredBlob> => {
  const hash = createHash('sha256')
  if (entry.isSparse) spend(limits.expanded, entry.size)
  const stored = hashed(entry.body, hash)
  const first = await head(stored, BLOCK)
  // Each reading of the body goes on where the last one stopped, so that every byte is hashed once.
  const rest = (): Chunks => hashed(entry.body, hash)
  const content = await contentOf(entry, first, rest, limits)
  await drain(rest())
  const digest = `sha256:${hash.digest('hex')}`
  const isPlain = content?.kind === 'layer' && content.diffId === PLAIN
  return {
    offset: entry.offset,
    size: entry.size,
    digest,
    content: isPlain ? { ...content, diffId: digest, bytes: entry.size } : content,
  }
}

// The holes of a sparse file cost the tar nothing, and may be as big as numbers go.
const spend = (budget: Budget, bytes: number): void => {
  budget.left -= bytes
  if (budget.left < 0) throw new TarProblem('it expands to more than is believable')
}

// An uncompressed layer's diffID is its digest, which is known only when all of it was read.
const PLAIN = 'as stored'

const contentOf = async (
  entry: TarEntry,
  first: readonly Uint8Array[],
  rest: () => Chunks,
  limits: Limits,
): Promise<LayerContent | JsonContent | null> => {
  const start = Buffer.concat(first).subarray(0, BLOCK)
  if (compressionOf(start) !== 'none') return readLayer(start, prepended(first, rest()), limits)
  if (isTar(start, entry.size)) return readLayer(start, prepended(first, rest()), limits)
  if (entry.size > LONGEST_JSON || !/^\s*[[{]/.test(start.toString('latin1'))) return null
  limits.json.left -= entry.size
  if (limits.json.left < 0) return null
  return { kind: 'json', text: await textOf(prepended(first, rest())) }
}

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
): Promise<LayerContent | null> => {
  if (--limits.layers.left < 0) return null
  const compression = compressionOf(start)
  const hash = createHash('sha256')
  const count = { bytes: 0 }
  const plain = counted(metered(decompressed(chunks, compression), limits.expanded), count)
  const isStored = compression === 'none'
  const { tally, problem } = await tallyOf(isStored ? plain : hashed(plain, hash))
  const diffId = isStored ? PLAIN : problem === null ? `sha256:${hash.digest('hex')}` : null
  return { kind: 'layer', ...tally, bytes: count.bytes, diffId, problem }
}

const tallyOf = async (
  chunks: Chunks,
): Promise<{ readonly tally: LayerTally; readonly problem: string | null }> => {
  const tally = { files: 0, contentBytes: 0, biggest: [] }
  try {
    await tallyLayer(chunks, tally)
    return { tally, problem: null }
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error
    return { tally, problem: error.message }
  }
}
