import { natural } from './header.ts'
import { TarProblem } from './problem.ts'

/**
 * The records of a PAX extension by their keys. A value may hold any byte. Keys that come again, as sparse files of
 * format 0.0 have them, are kept in order.
 */
export type PaxRecords = readonly (readonly [key: string, value: Buffer])[]

const XATTR = 'SCHILY.xattr.'

/**
 * Returns the records of a PAX extension (POSIX.1-2001: `length key=value\n`), cut by their length, never by their
 * line ends. Throws TarProblem when one is damaged.
 */
export const parsePax = (bytes: Buffer): PaxRecords => {
  const records: [string, Buffer][] = []
  for (let at = 0; at < bytes.length;) {
    const length = recordLength(bytes, at)
    const record = bytes.subarray(at, at + length)
    records.push(keyAndValue(record.subarray(record.indexOf(0x20) + 1, -1)))
    at += length
  }
  return records
}

const recordLength = (bytes: Buffer, at: number): number => {
  const digits = bytes.toString('latin1', at, Math.min(at + 12, bytes.length)).match(/^\d+(?= )/)
  const length = Number(digits?.[0] ?? 0)
  const last = bytes[at + length - 1]
  if (digits === null || length < digits[0].length + 3 || last !== 0x0a) throw damaged()
  return length
}

const keyAndValue = (record: Buffer): [string, Buffer] => {
  const equals = record.indexOf(0x3d)
  if (equals < 1) throw damaged()
  const key = record.toString('utf8', 0, equals)
  const value = Buffer.from(record.subarray(equals + 1))
  if (TEXTS.includes(key) && value.includes(0)) throw damaged()
  return [key, value]
}

const TEXTS: readonly string[] = ['path', 'linkpath', 'GNU.sparse.name']

const damaged = (): TarProblem => new TarProblem('it has a damaged PAX header')

/** Returns the last value of a key; undefined when there is none, or an empty one, which takes a value back. */
export const paxValue = (records: PaxRecords, key: string): Buffer | undefined => {
  const value = records.findLast(([name]) => name === key)?.[1]
  return value === undefined || value.length === 0 ? undefined : value
}

/** Returns the number of a key that counts bytes, or undefined. Throws TarProblem when it is no such number. */
export const paxNatural = (records: PaxRecords, key: string): number | undefined => {
  const text = paxValue(records, key)?.toString('latin1')
  if (text === undefined) return undefined
  return natural(/^\d+$/.test(text) ? Number(text) : -1)
}

/** Returns the number of a key that may be negative or have a fraction, or undefined. Throws TarProblem. */
export const paxNumber = (records: PaxRecords, key: string): number | undefined => {
  const text = paxValue(records, key)?.toString('latin1')
  if (text === undefined) return undefined
  if (!/^-?\d{1,20}(\.\d*)?$/.test(text)) throw damaged()
  return Number(text)
}

/** Returns the extended attributes by name, as the bytes they are (star's SCHILY.xattr, as engines read and write). */
export const paxXattrs = (records: PaxRecords): ReadonlyMap<string, Buffer> =>
  new Map(
    records
      .filter(([key]) => key.startsWith(XATTR))
      .map(([key, value]) => [key.slice(XATTR.length), value]),
  )

/** Returns the bytes of a record; its length at the start counts its own digits. */
export const paxRecord = (key: string, value: string | Uint8Array): Buffer => {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), Buffer.from(value), Buffer.from('\n')])
  let length = rest.length
  while (length !== rest.length + String(length).length) {
    length = rest.length + String(length).length
  }
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** Returns the bytes of an extended attribute's record. Throws Error for a name that a record cannot have. */
export const xattrRecord = (name: string, value: Uint8Array): Buffer => {
  if (name === '' || /[=\0]/.test(name)) {
    throw new Error(`${JSON.stringify(name)} cannot be the name of an extended attribute`)
  }
  return paxRecord(`${XATTR}${name}`, value)
}
