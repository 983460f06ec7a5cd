import { BLOCK, headerSum, isZeros } from './block.ts'
import { TarProblem } from './problem.ts'

/** What an entry is. `other` is a type that no engine unpacks, such as GNU tar's label of a volume. */
export type EntryKind =
  'file' | 'directory' | 'symlink' | 'hardlink' | 'char-device' | 'block-device' | 'fifo' | 'other'

/** The numbers of a device node. */
export interface DeviceNumbers {
  readonly major: number
  readonly minor: number
}

/** A header block as it stands, before extensions are applied. */
export interface RawHeader {
  /** The name's bytes, the ustar prefix before it. */
  readonly name: Buffer
  /** The type's character; a zero byte in old tars. */
  readonly type: string
  readonly mode: number
  /** Owners may be negative: some tars say so of nobody. */
  readonly uid: number
  readonly gid: number
  /** Bytes that follow the header, before their padding. */
  readonly size: number
  /** Seconds since 1970. */
  readonly mtime: number
  readonly linkName: Buffer
  readonly device: DeviceNumbers
}

/** Returns whether a block is a tar header: its checksum is right (unsigned, or signed as some old tars wrote it). */
export const isHeader = (block: Buffer): boolean => {
  if (block.length < BLOCK || isZeros(block)) return false
  const text = digitsAt(block, 148, 8)
  if (!/^[0-7]+$/.test(text)) return false
  const sum = Number.parseInt(text, 8)
  return sum === headerSum(block) || sum === signedSum(block)
}

const signedSum = (block: Buffer): number => {
  let high = 0
  for (let at = 0; at < BLOCK; at++) {
    if ((at < 148 || at >= 156) && (block[at] ?? 0) > 127) high++
  }
  return headerSum(block) - 256 * high
}

/** Returns the fields of a header block: v7, ustar (POSIX.1-1988), GNU, star. Throws TarProblem when it is none. */
export const parseHeader = (block: Buffer): RawHeader => {
  if (!isHeader(block)) throw new TarProblem('it has a damaged tar header')
  return {
    name: fullName(block),
    type: String.fromCharCode(block[156] ?? 0),
    mode: numberAt(block, 100, 8) & 0o7777,
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    size: natural(numberAt(block, 124, 12)),
    mtime: numberAt(block, 136, 12),
    linkName: bytesAt(block, 157, 100),
    device: isOld(block)
      ? { major: 0, minor: 0 }
      : { major: numberAt(block, 329, 8), minor: numberAt(block, 337, 8) },
  }
}

const isOld = (block: Buffer): boolean => block.toString('latin1', 257, 262) !== 'ustar'

// GNU tar has other fields where ustar has the prefix; star has two times in its last 24 bytes.
const fullName = (block: Buffer): Buffer => {
  const name = bytesAt(block, 0, 100)
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return name
  const isStar = block.toString('latin1', 508, 512) === 'tar\0'
  const prefix = bytesAt(block, 345, isStar ? 131 : 155)
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name])
}

/** Returns a field's bytes up to its first zero. */
export const bytesAt = (block: Buffer, start: number, length: number): Buffer => {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return Buffer.from(end === -1 ? field : field.subarray(0, end))
}

// Zeros and spaces stand on either side of the digits, as the writer liked.
const digitsAt = (block: Buffer, start: number, length: number): string => {
  const text = block.toString('latin1', start, start + length).replace(/^[\0 ]+/, '')
  return text.replace(/\0.*$/s, '').trim()
}

/**
 * Returns a field's number: octal digits, or base 256 when its first bit is set (GNU tar's form for what octal cannot
 * hold), where a negative one is a two's complement. Throws TarProblem for what is neither or beyond 2^53.
 */
export const numberAt = (block: Buffer, start: number, length: number): number => {
  if (((block[start] ?? 0) & 0x80) !== 0) return base256(block.subarray(start, start + length))
  const text = digitsAt(block, start, length)
  if (!/^[0-7]*$/.test(text)) throw new TarProblem('it has a tar header with a damaged number')
  return text === '' ? 0 : Number.parseInt(text, 8)
}

const base256 = (field: Buffer): number => {
  const first = field[0] ?? 0
  const isNegative = (first & 0x40) !== 0
  let value = isNegative ? (first & 0x7f) - 0x80 : first & 0x7f
  for (const byte of field.subarray(1)) value = value * 256 + byte
  if (Number.isSafeInteger(value)) return value
  throw new TarProblem('it has a tar header with an impossible number')
}

/** Returns a number that counts bytes. Throws TarProblem when it cannot. */
export const natural = (value: number): number => {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new TarProblem('it has a tar header with an impossible number')
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  '0': 'file',
  '7': 'file',
  S: 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
}

/** Returns what a header stands for; an old tar's directory is a file whose name ends in a slash. */
export const kindOf = ({ type, name }: RawHeader): EntryKind => {
  if (type === '\0') return name.at(-1) === 0x2f ? 'directory' : 'file'
  return KINDS[type] ?? 'other'
}
