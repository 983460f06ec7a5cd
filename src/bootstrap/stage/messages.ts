import type { ArchiveCode } from '../errors.ts'
import type { EntryKind } from '../../tar/read.ts'

/** A package to read, as the main thread asks for it. */
export interface Job {
  readonly id: number
  /** The .deb. */
  readonly path: string
  readonly sha256: string
  /** Its name and version, for messages. */
  readonly what: string
  /** The bytes that it may expand to. */
  readonly mostBytes: number
}

/** An entry of a package's data; paths are latin1, a letter a byte, so that any name survives. */
export interface EntryHead {
  /** Relative to the root without `./` and a last slash; `` is the root itself. */
  readonly path: string
  readonly kind: EntryKind
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: number
  readonly size: number
  /** As the package has it for a symbolic link; as `path` for a hard link; else empty. */
  readonly link: string
  readonly xattrs: readonly (readonly [name: string, value: Uint8Array])[]
}

/** A file of the package's control data. */
export interface ControlPart {
  readonly name: string
  readonly mode: number
  readonly bytes: Uint8Array
}

/** What a batch holds in order: entries, and how many bytes of the last entry's body stand next in its buffer. */
export type BatchPart = EntryHead | number

/** To a worker. */
export type ToWorker =
  | { readonly kind: 'job'; readonly job: Job }
  /** This many bytes have been taken and may be sent again. */
  | { readonly kind: 'credit'; readonly bytes: number }

/** From a worker. */
export type FromWorker =
  | { readonly kind: 'control'; readonly id: number; readonly files: readonly ControlPart[] }
  | {
      readonly kind: 'batch'
      readonly id: number
      readonly parts: readonly BatchPart[]
      readonly bytes: Uint8Array
    }
  /** The package was read to its end; `md5` is of its conffiles by path, in hex; of all files where it has no md5sums. */
  | { readonly kind: 'end'; readonly id: number; readonly md5: ReadonlyMap<string, string> }
  | { readonly kind: 'fail'; readonly id: number; readonly problem: Problem }

/** An error as it crosses threads. */
export interface Problem {
  /** Null when the error is not a package's, but this machine's or a defect. */
  readonly code: ArchiveCode | 'cache-damaged' | null
  readonly message: string
  readonly todo: readonly string[]
}

/** Bytes that a worker may have sent before they are taken: so much of a package waits for its turn. */
export const WINDOW = 12 * 1024 * 1024

/** Bytes of a batch. */
export const BATCH = 256 * 1024
