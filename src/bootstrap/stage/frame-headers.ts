import { TarProblem } from '../../tar/problem.ts'

/** The largest window that a package may ask for: what `xz -9` and `zstd --ultra` take, 128 MiB. */
const MOST_WINDOW = 128 * 1024 * 1024

/**
 * Checks the start of an .xz stream: its magic, and the dictionary of its first block (xz-file-format 1.2, 2.1.1, 3.1 and
 * 5.3.1). Throws TarProblem when it is not xz or wants more than 128 MiB.
 */
export const checkXzHeader = (start: Buffer): void => {
  if (start.length < 24 || start.toString('hex', 0, 6) !== 'fd377a585a00') {
    throw new TarProblem('its .xz data is damaged or truncated')
  }
  const block = start.subarray(12)
  const flags = block[1] ?? 0
  // Sizes may come before the filters, each a number of 1 to 9 bytes.
  let at = 2
  for (const bit of [0x40, 0x80]) if ((flags & bit) !== 0) at = afterNumber(block, at)
  const filters = (flags & 3) + 1
  for (let filter = 0; filter < filters; filter++) {
    const id = block[at] ?? 0
    const size = block[at + 1] ?? 0
    if (id === 0x21 && dictionary(block[at + 2] ?? 0) > MOST_WINDOW) throw tooMuch('.xz')
    at += 2 + size
  }
}

const afterNumber = (bytes: Buffer, start: number): number => {
  let at = start
  while (at - start < 9 && ((bytes[at] ?? 0) & 0x80) !== 0) at++
  return at + 1
}

const dictionary = (bits: number): number =>
  bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11)

/**
 * Checks the header of the first frame of a .zst stream (RFC 8878, 3.1.1.1): its magic and its window. Throws TarProblem
 * when it is not zstd or wants more than 128 MiB.
 */
export const checkZstdHeader = (start: Buffer): void => {
  if (start.length < 6 || start.readUInt32LE(0) !== 0xfd2fb528) {
    throw new TarProblem('its .zst data is damaged or truncated')
  }
  const descriptor = start[4] ?? 0
  const isSingle = (descriptor & 0x20) !== 0
  const window = isSingle ? contentSize(start, descriptor) : windowSize(start[5] ?? 0)
  if (window > MOST_WINDOW) throw tooMuch('.zst')
}

const windowSize = (byte: number): number => {
  const base = 2 ** (10 + (byte >> 3))
  return base + (base / 8) * (byte & 7)
}

const contentSize = (start: Buffer, descriptor: number): number => {
  const at = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0)
  const length = [1, 2, 4, 8][descriptor >> 6] ?? 1
  if (start.length < at + length) return 0
  if (length === 8) return Number(start.readBigUInt64LE(at))
  return start.readUIntLE(at, length) + (length === 2 ? 256 : 0)
}

const tooMuch = (ending: string): TarProblem =>
  new TarProblem(`its ${ending} data needs too much memory`)
