import type { StoredBlob } from './blob.ts'
import type { ArchiveFormat, Beside, NotLookedAt } from './types.ts'

/** A layer as a manifest names it. */
export interface LayerLink {
  /** Its file in the archive. */
  readonly name: string
  /** The digest the manifest gives, if it gives one. */
  readonly digest?: string
  /** Where it is kept when archives leave it out, as some of Windows' are. */
  readonly elsewhere?: string
  readonly blob: StoredBlob | null
}

/** An image as a manifest names it: its config and layers. */
export interface ImageLink {
  /** The document that names it. */
  readonly by: string
  readonly name: string
  readonly config: StoredBlob | null
  readonly layers: readonly LayerLink[]
}

/** What one format's manifest says is in an archive. */
export interface Listing {
  readonly format: ArchiveFormat
  readonly references: readonly string[]
  readonly images: readonly ImageLink[]
  /** Artifacts and attestations. */
  readonly beside: readonly Beside[]
  readonly problems: readonly string[]
  readonly notLookedAt: readonly NotLookedAt[]
  readonly notes: readonly string[]
}
