import { TarProblem } from './errors.ts'
import { BLOCK, headerSum } from './tar-header.ts'

export type EntryKind =
  'file' | 'directory' | 'symlink' | 'hardlink' | 'device' | 'fifo' | 'extension' | 'other'

/** A header block as it stands, before extensions are applied. */
export interface RawHeader {
  readonly name: string
  readonly type: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly linkName: string
}

/** Tells whether a block is a tar header: its checksum is right (unsigned, or signed as some old tars wrote it). */
export const isHeader = (block: Buffer): boolean => {
  if (block.length < BLOCK || isZeros(block)) return false
  const text = textAt(block, 148, 8).trim()
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

/** Tells whether there is nothing but zeros. */
export const isZeros = (bytes: Uint8Array): boolean => bytes.every(byte => byte === 0)

/** Reads a header block: v7, ustar (POSIX.1-1988), GNU. @throws TarProblem when it is none. */
export const parseHeader = (block: Buffer): RawHeader => {
  if (!isHeader(block)) throw new TarProblem('it has a damaged tar header')
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : ''
  const name = textAt(block, 0, 100)
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156] ?? 0x30),
    mode: numberAt(block, 100, 8) & 0o7777,
    uid: numberAt(block, 108, 8),
    gid: numberAt(block, 116, 8),
    size: numberAt(block, 124, 12),
    linkName: textAt(block, 157, 100),
  }
}

const textAt = (block: Buffer, start: number, length: number): string => {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end === -1 ? length : end)
}

const numberAt = (block: Buffer, start: number, length: number): number => {
  if (((block[start] ?? 0) & 0x80) !== 0) return base256(block.subarray(start, start + length))
  const text = textAt(block, start, length).trim()
  if (!/^[0-7]*$/.test(text)) throw new TarProblem('it has a tar header with a damaged number')
  return text === '' ? 0 : Number.parseInt(text, 8)
}

// GNU tar's form for numbers too big for octal: the top bit set, then the number in base 256.
const base256 = (field: Buffer): number => {
  let value = (field[0] ?? 0) & 0x7f
  for (const byte of field.subarray(1)) value = value * 256 + byte
  return safe(value)
}

const safe = (value: number): number => {
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new TarProblem('it has a tar header with an impossible number')
}

const KINDS: Readonly<Record<string, EntryKind>> = {
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'directory',
  '6': 'fifo',
  x: 'extension',
  g: 'extension',
  L: 'extension',
  K: 'extension',
}

/** Gives what a header stands for; an old tar's directory is a file whose name ends in a slash. */
export const kindOf = (header: RawHeader): EntryKind => {
  if (header.type === 'S') throw new TarProblem('it has a sparse file, which is not supported')
  const kind = KINDS[header.type] ?? 'other'
  return kind === 'file' && header.name.endsWith('/') ? 'directory' : kind
}

/** What extension headers say of the entry that follows them. */
export interface Extension {
  readonly path?: string
  readonly linkPath?: string
  readonly size?: number
  readonly uid?: number
  readonly gid?: number
}

/**
 * Reads the records of a PAX extension (`length key=value\n`). Values may hold any byte, so that records are cut
 * by their length, never by their line ends.
 * @throws TarProblem when it is damaged or describes a sparse file.
 */
export const parsePax = (bytes: Buffer): Extension => {
  let found: Extension = {}
  for (let at = 0; at < bytes.length;) {
    const length = recordLength(bytes, at)
    const record = bytes.subarray(at, at + length)
    found = { ...found, ...recordMeaning(record.subarray(record.indexOf(0x20) + 1, -1)) }
    at += length
  }
  return found
}

const recordLength = (bytes: Buffer, at: number): number => {
  const digits = bytes.toString('latin1', at, Math.min(at + 12, bytes.length)).match(/^\d+(?= )/)
  const length = Number(digits?.[0] ?? 0)
  const last = bytes[at + length - 1]
  if (digits === null || length < digits[0].length + 3 || last !== 0x0a) {
    throw new TarProblem('it has a damaged PAX header')
  }
  return length
}

const recordMeaning = (record: Buffer): Extension => {
  const equals = record.indexOf(0x3d)
  const key = record.toString('utf8', 0, Math.max(equals, 0))
  if (key.startsWith('GNU.sparse.')) throw new TarProblem('it has a sparse file, not supported')
  const value = (): string => record.toString('utf8', equals + 1)
  if (key === 'path') return { path: value() }
  if (key === 'linkpath') return { linkPath: value() }
  if (key === 'size' || key === 'uid' || key === 'gid') return { [key]: paxNumber(value()) }
  return {}
}

const paxNumber = (text: string): number => safe(/^\d+$/.test(text) ? Number(text) : -1)
