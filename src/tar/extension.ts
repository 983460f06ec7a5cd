import { bytesAt } from './header.ts'
import { parsePax } from './pax.ts'
import type { PaxRecords } from './pax.ts'

/** What extension headers say about the entry that follows them. */
export interface Extension {
  /** GNU tar's long name, which beats all others. */
  readonly path?: Buffer
  /** GNU tar's long link. */
  readonly link?: Buffer
  readonly pax: PaxRecords
}

export const NO_EXTENSION: Extension = { pax: [] }

/** Returns what an extension header of a type says: `x` and `g` are PAX, `L` and `K` GNU's long name and link. */
export const extensionOf = (type: string, body: Buffer): Extension => {
  if (type === 'L') return { path: bytesAt(body, 0, body.length), pax: [] }
  if (type === 'K') return { link: bytesAt(body, 0, body.length), pax: [] }
  const pax = parsePax(body)
  return { pax: type === 'g' ? pax.filter(([key]) => !isOfOneEntry(key)) : pax }
}

// No two entries can share them, and engines do not let them.
const isOfOneEntry = (key: string): boolean =>
  key === 'path' || key === 'linkpath' || key === 'size' || key.startsWith('GNU.sparse.')

/** Returns two extensions as one; what the second says beats the first. */
export const withExtension = (first: Extension, second: Extension): Extension => ({
  ...first,
  ...second,
  pax: [...first.pax, ...second.pax],
})
