import type { StoredBlob } from './blob.ts'
import type { ArchiveFormat } from './types.ts'

/** A layer as a manifest names it. */
export interface LayerLink {
  /** Its file in the archive. */
  readonly name: string
  /** The digest the manifest gives, if it gives one. */
  readonly digest?: string
  readonly blob: StoredBlob | null
}

/** An image as a manifest names it: its config and layers. */
export interface ImageLink {
  readonly name: string
  readonly config: StoredBlob | null
  readonly layers: readonly LayerLink[]
}

/** What one format's manifest says is in an archive. */
export interface Listing {
  readonly format: ArchiveFormat
  readonly references: readonly string[]
  readonly images: readonly ImageLink[]
  readonly problems: readonly string[]
}
