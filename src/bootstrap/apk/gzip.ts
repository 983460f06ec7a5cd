import { inflateRawSync } from 'node:zlib'

/** The first member of concatenated gzips: its bytes as stored, what they hold, and everything that follows. */
export interface FirstMember {
  readonly stored: Buffer
  readonly content: Buffer
  readonly rest: Buffer
}

const HEADER = 10
const TRAILER = 8
const HAS_CRC = 2
const HAS_EXTRA = 4
const HAS_NAME = 8
const HAS_COMMENT = 16

/** Returns whether bytes begin as a gzip does (RFC 1952). */
export const isGzip = (bytes: Uint8Array): boolean =>
  bytes.length > HEADER + TRAILER && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8

/**
 * Returns the first gzip member of `bytes`, which may unpack to at most `most` bytes. Its own checksum is not looked
 * at: who calls compares a signature or a digest. Throws Error when it is damaged, cut, or unpacks to more.
 */
export const firstMember = (bytes: Buffer, most: number): FirstMember => {
  if (!isGzip(bytes)) throw new Error('it is not gzip')
  const begin = headerLength(bytes)
  const { buffer, engine } = inflate(bytes.subarray(begin), most)
  const end = begin + engine.bytesWritten + TRAILER
  if (end > bytes.length) throw new Error('it ends early')
  return { stored: bytes.subarray(0, end), content: buffer, rest: bytes.subarray(end) }
}

interface Inflated {
  readonly buffer: Buffer
  /** zlib's stream: how much of the input it took. */
  readonly engine: { readonly bytesWritten: number }
}

// With `info` zlib returns more than its types say (Node's documentation, class Options).
const inflate = (bytes: Buffer, most: number): Inflated =>
  inflateRawSync(bytes, { info: true, maxOutputLength: most }) as unknown as Inflated

const headerLength = (bytes: Buffer): number => {
  const flags = bytes[3] ?? 0
  let at = HEADER
  if ((flags & HAS_EXTRA) !== 0) at += 2 + bytes.readUInt16LE(at)
  if ((flags & HAS_NAME) !== 0) at = afterZero(bytes, at)
  if ((flags & HAS_COMMENT) !== 0) at = afterZero(bytes, at)
  return (flags & HAS_CRC) === 0 ? at : at + 2
}

const afterZero = (bytes: Buffer, from: number): number => {
  const zero = bytes.indexOf(0, from)
  if (zero === -1) throw new Error('it ends early')
  return zero + 1
}
