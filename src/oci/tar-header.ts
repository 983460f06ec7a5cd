/** The unit of a tar: headers and bodies fill whole blocks. */
export const BLOCK = 512

const NAME_BYTES = 100
const MOST_IN_12_OCTAL = 0o77777777777
const MOST_IN_8_OCTAL = 0o7777777

/** A file or directory for a tar; times are always 0 and owners numeric. */
export interface HeaderSpec {
  /** Relative; a directory's ends in a slash. */
  readonly path: string
  readonly kind: 'file' | 'directory'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** The bytes that follow the header. */
  readonly size: number
}

/**
 * Gives the header of a tar entry: one block, or a PAX extension before it (POSIX.1-2001, `pax` interchange
 * format) when the path has more than 100 bytes or is not ASCII, or a number does not fit its octal field.
 */
export const tarHeader = (spec: HeaderSpec): Buffer => {
  const records = paxRecords(spec)
  if (records.length === 0) return headerBlock(spec.path, spec, typeOf(spec))
  const extension = Buffer.concat(records)
  const name = `PaxHeaders/${plainName(spec.path.replace(/\/$/, ''))}`.slice(0, NAME_BYTES)
  const shape = { mode: 0o644, uid: 0, gid: 0, size: extension.length }
  return Buffer.concat([
    headerBlock(name, shape, 'x'),
    extension,
    padding(extension.length),
    headerBlock(plainName(spec.path), spec, typeOf(spec)),
  ])
}

/** Gives the zero bytes (0 to 511) that fill the last block of a body of `size` bytes. */
export const padding = (size: number): Buffer => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK)

/** Gives what ends every tar: two blocks of zeros. */
export const endOfTar = (): Buffer => Buffer.alloc(2 * BLOCK)

const typeOf = (spec: HeaderSpec): string => (spec.kind === 'directory' ? '5' : '0')

const paxRecords = (spec: HeaderSpec): Buffer[] => {
  const records: Buffer[] = []
  if (!fitsName(spec.path)) records.push(paxRecord('path', spec.path))
  if (spec.size > MOST_IN_12_OCTAL) records.push(paxRecord('size', String(spec.size)))
  if (spec.uid > MOST_IN_8_OCTAL) records.push(paxRecord('uid', String(spec.uid)))
  if (spec.gid > MOST_IN_8_OCTAL) records.push(paxRecord('gid', String(spec.gid)))
  return records
}

const fitsName = (path: string): boolean =>
  Buffer.byteLength(path) === path.length && path.length <= NAME_BYTES

// The length at the start of a record counts its own digits.
const paxRecord = (key: string, value: string): Buffer => {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length
  while (length !== rest.length + String(length).length) {
    length = rest.length + String(length).length
  }
  return Buffer.concat([Buffer.from(String(length)), rest])
}

// A reader that knows no PAX still gets a name it can write.
const plainName = (path: string): string => {
  const ascii = path.replace(/[^\u0020-\u007e]/gu, '_')
  if (ascii.length <= NAME_BYTES) return ascii
  return path.endsWith('/') ? `${ascii.slice(0, NAME_BYTES - 1)}/` : ascii.slice(0, NAME_BYTES)
}

type Shape = Pick<HeaderSpec, 'mode' | 'uid' | 'gid' | 'size'>

const headerBlock = (name: string, shape: Shape, type: string): Buffer => {
  const block = Buffer.alloc(BLOCK)
  block.write(name, 0)
  block.write(octal(shape.mode, 8), 100)
  block.write(octal(fitting(shape.uid, MOST_IN_8_OCTAL), 8), 108)
  block.write(octal(fitting(shape.gid, MOST_IN_8_OCTAL), 8), 116)
  block.write(octal(fitting(shape.size, MOST_IN_12_OCTAL), 12), 124)
  block.write(octal(0, 12), 136)
  block.write(type, 156)
  block.write('ustar\0' + '00', 257)
  block.write(octal(0, 8), 329)
  block.write(octal(0, 8), 337)
  block.write(`${headerSum(block).toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** Gives the sum of a header block's bytes with its own checksum field (148 to 155) read as spaces. */
export const headerSum = (block: Buffer): number => {
  let sum = 8 * 0x20
  for (let at = 0; at < BLOCK; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0
  return sum
}

const octal = (value: number, width: number): string =>
  `${value.toString(8).padStart(width - 1, '0')}\0`

// The PAX extension has the number; the field then holds 0.
const fitting = (value: number, most: number): number => (value > most ? 0 : value)
