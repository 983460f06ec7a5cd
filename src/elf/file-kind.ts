import { constants, open, stat } from 'node:fs/promises'
import { byteSource, hasBytes, type ByteSource } from './bytes.ts'
import { machO, pe, type MachO, type Pe } from './foreign.ts'
import { isElf, readElf, type ElfFacts } from './read.ts'
import { script, source, type Script, type Source } from './text.ts'

/** What a file is, as far as it matters to one who wants to put it into an image and run it. */
export type FileKind =
  /** `size` in bytes. */
  | { readonly kind: 'elf'; readonly elf: ElfFacts; readonly size: number }
  | Script
  | MachO
  | Pe
  | { readonly kind: 'empty' }
  /** An ELF file that ends too early; `what` follows "it is cut off:". */
  | { readonly kind: 'cut'; readonly what: string }
  | Source
  | Archive
  /** None of these; also a folder, a device, and an ELF file that no kernel would load. */
  | { readonly kind: 'unknown' }

export interface Archive {
  readonly kind: 'archive'
  readonly format: ArchiveFormat
}

export type ArchiveFormat = 'tar' | 'gzip' | 'xz' | 'bzip2' | 'zstd' | 'zip' | 'ar'

const HEAD_BYTES = 16_384

const ARCHIVES: readonly {
  readonly format: ArchiveFormat
  readonly magic: readonly number[]
  readonly at?: number
}[] = [
  { format: 'gzip', magic: [0x1f, 0x8b] },
  { format: 'tar', magic: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
  { format: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
  { format: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { format: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { format: 'zip', magic: [0x50, 0x4b, 3, 4] },
  { format: 'ar', magic: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a] },
]

/**
 * Says what the file at `path` is, from its headers and small tables only, whatever its size.
 * Rejects with the system's error when the file is not there or can't be read; never because of what is in it.
 */
export const inspectFile = async (path: string): Promise<FileKind> => {
  const found = await stat(path)
  if (!found.isFile()) return { kind: 'unknown' }
  // Without O_NONBLOCK, a pipe put there in the meantime would keep us waiting.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { size } = await handle.stat()
    return await kindOf(byteSource(handle, size))
  } finally {
    await handle.close()
  }
}

const kindOf = async (bytes: ByteSource): Promise<FileKind> => {
  if (bytes.size === 0) return { kind: 'empty' }
  const head = await bytes.read(0, HEAD_BYTES)
  if (isElf(head)) return elfKind(bytes)
  const program = machO(head) ?? (await pe(head, bytes)) ?? script(head)
  return program ?? archive(head) ?? source(head) ?? { kind: 'unknown' }
}

const elfKind = async (bytes: ByteSource): Promise<FileKind> => {
  const reading = await readElf(bytes)
  return reading.kind === 'elf' ? { ...reading, size: bytes.size } : reading
}

const archive = (head: Uint8Array): Archive | null => {
  const found = ARCHIVES.find(({ magic, at }) => hasBytes(head, magic, at))
  return found === undefined ? null : { kind: 'archive', format: found.format }
}
