import type { EntryKind } from '../tar/read.ts'

/** What a tar without the documents of an image archive is, by the names in it. */
export type WholeKind =
  /** A root filesystem, as `docker export` writes it. */
  | { readonly kind: 'root' }
  /** What `docker save` wrote before Docker 1.10. */
  | { readonly kind: 'legacy' }
  /** An image archive whose files are all below a folder. */
  | { readonly kind: 'below'; readonly folder: string }
  /** Layers or parts of an OCI layout without its index. */
  | { readonly kind: 'part' }

const ROOT: readonly string[] = ['bin', 'etc', 'lib', 'sbin', 'usr', 'var', 'proc', 'dev', 'tmp']
const MANY = 50

/** Returns what watches the names of an archive go by and says what they add up to. */
export const nameWatch = () => {
  const rooms = new Set<string>()
  let below: string | null = null
  let isArchive = false
  let isLegacy = false
  let blobs = 0
  const add = (name: string, kind: EntryKind): void => {
    const [first = '', ...rest] = name.split('/')
    if (ROOT.includes(first) && (rest.length > 0 || kind !== 'file')) rooms.add(first)
    const last = rest.at(-1) ?? ''
    if (kind !== 'file') return
    if (rest.length === 0 && DOCUMENTS.includes(first)) isArchive = true
    if (rest.length > 0 && rest.length < 4 && DOCUMENTS.includes(last)) {
      below ??= name.slice(0, -last.length - 1)
    }
    if (rest.length === 1 && /^[0-9a-f]{64}$/.test(first) && last === 'layer.tar') isLegacy = true
    if (first === 'blobs' && rest.length === 2) blobs++
  }
  const isNoArchive = (): boolean => !isArchive && rooms.size >= 2 && blobs < MANY
  const kind = (): WholeKind | null => {
    if (isArchive) return null
    if (rooms.size >= 2) return { kind: 'root' }
    if (isLegacy) return { kind: 'legacy' }
    if (below !== null) return { kind: 'below', folder: below }
    return blobs > 0 ? { kind: 'part' } : null
  }
  return { add, isNoArchive, kind }
}

const DOCUMENTS: readonly string[] = ['manifest.json', 'index.json', 'oci-layout']
