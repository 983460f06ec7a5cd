import type { FileHandle } from 'node:fs/promises'

/** The longest read from a file at once, in bytes. */
export const MAX_READ = 65_536

export type Bits = 32 | 64
export type Endian = 'little' | 'big'

/** A file read by positions. */
export interface ByteSource {
  /** Bytes in the file. */
  readonly size: number
  /** Up to `length` bytes from `at`; fewer at the end of the file, never more than `MAX_READ`. */
  readonly read: (at: number, length: number) => Promise<Uint8Array>
}

/** The numbers in a piece of a file, by their offsets; a `word` has 4 or 8 bytes. */
export interface Fields {
  readonly u16: (at: number) => number
  readonly u32: (at: number) => number
  readonly word: (at: number) => bigint
}

/** Returns an open file of `size` bytes as something to read by positions. Reads reject as `FileHandle.read` does. */
export const byteSource = (handle: FileHandle, size: number): ByteSource => ({
  size,
  read: (at, length) => readAt(handle, at, Math.max(0, Math.min(length, MAX_READ, size - at))),
})

const readAt = async (handle: FileHandle, at: number, length: number): Promise<Uint8Array> => {
  const bytes = new Uint8Array(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, at + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}

/** Reads numbers of the given word size and byte order. Its functions throw a RangeError past the end of `bytes`. */
export const fieldsOf = (bytes: Uint8Array, bits: Bits, endian: Endian): Fields => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = endian === 'little'
  return {
    u16: at => view.getUint16(at, little),
    u32: at => view.getUint32(at, little),
    word: at => (bits === 64 ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little))),
  }
}

/** Returns the text up to the first NUL byte, fit for a terminal: what steers one becomes U+FFFD. */
export const cleanText = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return cleanLine(new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end)))
}

/** Returns `text` fit for one line of a terminal: control and direction characters become U+FFFD. */
export const cleanLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{fffd}')

/** True when `bytes` has exactly the bytes `wanted` from offset `at`. */
export const hasBytes = (bytes: Uint8Array, wanted: readonly number[], at = 0): boolean =>
  wanted.every((byte, index) => bytes[at + index] === byte)
