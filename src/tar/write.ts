import { BLOCK, endOfTar, headerSum, padding } from './block.ts'
import type { DeviceNumbers, EntryKind } from './header.ts'
import { paxRecord, xattrRecord } from './pax.ts'
import type { Chunks } from './streams.ts'

const NAME_BYTES = 100
const PREFIX_BYTES = 155
const MOST_IN_12_OCTAL = 0o77777777777
const MOST_IN_8_OCTAL = 0o7777777

/** An entry to be written. Owners are numeric, and have no names. */
export interface HeaderSpec {
  /** Relative; a directory's ends in a slash. Bytes where it is not text. */
  readonly path: string | Uint8Array
  readonly kind: Exclude<EntryKind, 'other'>
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** The bytes that follow the header; 0 for everything but files. */
  readonly size: number
  /** Whole seconds since 1970; 0 when absent. */
  readonly mtime?: number
  /** Where a link leads. */
  readonly linkPath?: string | Uint8Array
  /** For device nodes. */
  readonly device?: DeviceNumbers
  /** Extended attributes by name, as bytes; they are written sorted by name. */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>
}

/** An entry with its body, if it has one. */
export interface WrittenEntry {
  readonly spec: HeaderSpec
  readonly body?: Chunks
}

/**
 * Returns the bytes of a tar of these entries, its end included; the same entries give the same bytes. Throws Error
 * when a body has other bytes than its `size`.
 */
export const tarOf = async function* (
  entries: AsyncIterable<WrittenEntry> | Iterable<WrittenEntry>,
): AsyncGenerator<Uint8Array> {
  for await (const { spec, body } of entries) {
    yield tarHeader(spec)
    if (body !== undefined) yield* sizedBody(spec, body)
    else if (spec.size > 0) throw wrongSize(spec, 0)
    yield padding(spec.size)
  }
  yield endOfTar()
}

const sizedBody = async function* (spec: HeaderSpec, body: Chunks): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > spec.size) throw wrongSize(spec, bytes)
    yield chunk
  }
  if (bytes !== spec.size) throw wrongSize(spec, bytes)
}

const wrongSize = (spec: HeaderSpec, bytes: number): Error =>
  new Error(`${Buffer.from(spec.path).toString()} has ${bytes} bytes, not ${spec.size}`)

/** Returns whole seconds from 0 to `latest`, the way reproducible archives clamp times (SOURCE_DATE_EPOCH). */
export const clampedTime = (seconds: number, latest: number): number =>
  Math.max(0, Math.min(Math.floor(seconds), latest))

/**
 * Returns the header of an entry: one ustar block, or a PAX extension before it (POSIX.1-2001, `pax` interchange
 * format) for what ustar cannot hold: a path that does not fit or is not ASCII, a big number, an extended attribute.
 */
export const tarHeader = (spec: HeaderSpec): Buffer => {
  const path = Buffer.from(spec.path)
  const split = splitPath(path)
  const records = paxRecords(spec, split === null ? path : null)
  const link = plainName(Buffer.from(spec.linkPath ?? ''))
  const main = split ?? { prefix: '', name: plainName(path) }
  const block = headerBlock({ ...main, link }, spec, TYPES[spec.kind])
  if (records.length === 0) return block
  const extension = Buffer.concat(records)
  const name = `PaxHeaders/${plainName(withoutSlash(path))}`.slice(0, NAME_BYTES)
  const shape = { mode: 0o644, uid: 0, gid: 0, size: extension.length }
  return Buffer.concat([
    headerBlock({ prefix: '', name, link: '' }, shape, 'x'),
    extension,
    padding(extension.length),
    block,
  ])
}

const TYPES: Readonly<Record<HeaderSpec['kind'], string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'char-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
}

interface Split {
  readonly prefix: string
  readonly name: string
}

// The shortest prefix that does, so that there is one way only.
const splitPath = (path: Buffer): Split | null => {
  if (!isAscii(path)) return null
  const text = path.toString('latin1')
  if (text.length <= NAME_BYTES) return { prefix: '', name: text }
  const slash = text.indexOf('/', text.length - NAME_BYTES - 1)
  if (slash < 1 || slash > PREFIX_BYTES || slash === text.length - 1) return null
  return { prefix: text.slice(0, slash), name: text.slice(slash + 1) }
}

const isAscii = (bytes: Uint8Array): boolean => bytes.every(byte => byte > 0 && byte < 0x80)

const paxRecords = (spec: HeaderSpec, path: Buffer | null): Buffer[] => {
  const link = Buffer.from(spec.linkPath ?? '')
  const time = spec.mtime ?? 0
  return [
    ...(path === null ? [] : [paxRecord('path', path)]),
    ...(isAscii(link) && link.length <= NAME_BYTES ? [] : [paxRecord('linkpath', link)]),
    ...bigNumber('size', spec.size, MOST_IN_12_OCTAL),
    ...bigNumber('uid', spec.uid, MOST_IN_8_OCTAL),
    ...bigNumber('gid', spec.gid, MOST_IN_8_OCTAL),
    ...bigNumber('mtime', time, MOST_IN_12_OCTAL),
    ...[...(spec.xattrs ?? [])]
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .map(([name, value]) => xattrRecord(name, value)),
  ]
}

const bigNumber = (key: string, value: number, most: number): Buffer[] =>
  value > most ? [paxRecord(key, String(value))] : []

// A reader that knows no PAX still gets a name it can write.
const plainName = (path: Buffer): string => {
  const ascii = path.toString().replace(/[^\u0020-\u007e]/gu, '_')
  if (ascii.length <= NAME_BYTES) return ascii
  return ascii.endsWith('/') ? `${ascii.slice(0, NAME_BYTES - 1)}/` : ascii.slice(0, NAME_BYTES)
}

const withoutSlash = (path: Buffer): Buffer =>
  path.at(-1) === 0x2f ? path.subarray(0, path.length - 1) : path

type Shape = Pick<HeaderSpec, 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'device'>

const headerBlock = (
  names: Split & { readonly link: string },
  shape: Shape,
  type: string,
): Buffer => {
  const block = Buffer.alloc(BLOCK)
  block.write(names.name, 0)
  block.write(octal(shape.mode, 8), 100)
  block.write(octal(fitting(shape.uid, MOST_IN_8_OCTAL), 8), 108)
  block.write(octal(fitting(shape.gid, MOST_IN_8_OCTAL), 8), 116)
  block.write(octal(fitting(shape.size, MOST_IN_12_OCTAL), 12), 124)
  block.write(octal(fitting(shape.mtime ?? 0, MOST_IN_12_OCTAL), 12), 136)
  block.write(type, 156)
  block.write(names.link, 157)
  block.write('ustar\u000000', 257)
  block.write(octal(shape.device?.major ?? 0, 8), 329)
  block.write(octal(shape.device?.minor ?? 0, 8), 337)
  block.write(names.prefix, 345)
  block.write(`${headerSum(block).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const octal = (value: number, width: number): string =>
  `${value.toString(8).padStart(width - 1, '0')}\0`

// The PAX extension has the number; the field then holds 0.
const fitting = (value: number, most: number): number => (value > most ? 0 : value)
