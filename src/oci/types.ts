/** A file that an image is to hold. */
export interface ImageFile {
  /** Where it goes in the image: relative, `/` between the parts, no leading slash (`usr/bin/hello`). */
  readonly path: string
  readonly source: { readonly path: string } | { readonly bytes: Uint8Array }
  /** Permission bits, such as `0o755`. */
  readonly mode: number
  /** Numeric owner and group; 0 when absent. */
  readonly uid?: number
  readonly gid?: number
}

/** What an image of one layer says about itself. */
export interface ImageNotes {
  /** Already normalised, with its tag: `hello:latest`. */
  readonly reference: string
  readonly arch: string
  readonly variant?: string
  /** When it was made, as RFC 3339 has it; 1970 when absent, so that it decides nothing. */
  readonly created?: string
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly env?: readonly string[]
  /** `80/tcp` each. */
  readonly expose?: readonly string[]
  readonly user?: string
  readonly workdir?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** An image of one layer, as it is to be packed. */
export interface ImageSpec extends ImageNotes {
  readonly files: readonly ImageFile[]
}

/** The sizes of a layer, in bytes, and its digest. */
export interface LayerSizes {
  /** The layer's tar. */
  readonly layerBytes: number
  /** The sum of the sizes of its files. */
  readonly contentBytes: number
  /** The tar by gzip -9, about what a push sends. */
  readonly compressedBytes: number
  /** `sha256:…` of the tar. */
  readonly diffId: string
}

/** What packing made. */
export interface PackedImage extends LayerSizes {
  /** The image ID: the config's digest, `sha256:…`. */
  readonly id: string
  readonly manifestDigest: string
  /** The whole archive. */
  readonly archiveBytes: number
}

/** What packing one image for several platforms made. */
export interface PackedIndex {
  /** In the order of the platforms. */
  readonly images: readonly Omit<PackedImage, 'archiveBytes'>[]
  /** The one that is found by what knows no index. */
  readonly own: Omit<PackedImage, 'archiveBytes'>
  /** The index's, `sha256:…`. */
  readonly digest: string
  /** The whole archive. */
  readonly archiveBytes: number
}

/** A layer as found in an archive. */
export interface LayerFacts {
  /** The digest of the layer as stored, `sha256:…`; absent when an archive lacks the layer and does not name its digest. */
  readonly digest?: string
  /** The digest of the layer's tar that the config promises. */
  readonly diffId: string
  /** The layer's tar, uncompressed. */
  readonly bytes: number
  /** The layer as stored, perhaps compressed. */
  readonly storedBytes: number
  /** Regular files; not directories, links or whiteouts. */
  readonly files: number
  /** The sum of the sizes of those files. */
  readonly contentBytes: number
  /** Bytes of files of lower layers that it replaces or deletes: they stay in the image, and nobody sees them. */
  readonly hidBytes: number
  /** Bytes of its own files that later layers replace or delete. */
  readonly wastedBytes: number
  /** Why it was not read, or not to its end, as a clause; absent when it was. */
  readonly unread?: string
  /** The ten biggest files, the biggest first. */
  readonly biggest: readonly FileSize[]
}

/** A folder, with everything that is in it, or a file. */
export type FolderSize = FileSize

export interface FileSize {
  readonly path: string
  readonly bytes: number
}

/** What an image runs, and as whom. */
export interface RunFacts {
  readonly cmd: readonly string[]
  readonly entrypoint: readonly string[]
  readonly env: readonly string[]
  readonly user: string
  readonly workdir: string
  readonly labels: Readonly<Record<string, string>>
}

/** What a program asks for, so that it can be started: a loader, or the interpreter of a script. */
export interface Starter {
  readonly kind: 'loader' | 'interpreter'
  /** Where it should be. */
  readonly path: string
}

/** Returns what a program asks for, from its first bytes and its size; null when it needs nothing. */
export type StarterOf = (head: Uint8Array, size: number) => Promise<Starter | null>

/** A file that is needed to start a program and is not in its image. */
export interface LackedStarter extends Starter {
  /** The program that asks for it. */
  readonly of: string
}

/** An image as found in an archive. */
export interface ImageFacts extends RunFacts {
  /** The config's digest, `sha256:…`. */
  readonly id: string
  readonly os: string
  readonly arch: string
  readonly variant?: string
  readonly created?: string
  readonly layers: readonly LayerFacts[]
  /** The sum of the layers' `contentBytes`. */
  readonly uncompressedBytes: number
  /** The largest folders and files that a container sees, each before what is in it. */
  readonly tree: readonly FolderSize[]
  /** The program that its notes say to start, when that is not in it: no container of it can start. */
  readonly missing?: string
  /** What that program, or what it asks for, asks for in vain. */
  readonly lacks?: LackedStarter
}

export type ArchiveFormat = 'oci' | 'docker'

/** Something of an archive that was not verified, and why, as a clause; it may be right. */
export interface NotLookedAt {
  readonly what: string
  readonly why: string
}

/** What an archive holds besides images: what attests to one, or an artifact such as a signature or a chart. */
export interface Beside {
  readonly kind: 'attestation' | 'artifact'
  /** In its maker's words, such as `application/vnd.in-toto+json`. */
  readonly type: string
  /** Its manifest's digest. */
  readonly digest: string
}

/** `right` is all of it, `right-as-far` all of it that was looked at. */
export type Verdict = 'right' | 'right-as-far' | 'wrong'

/** What an archive holds. */
export interface ArchiveFacts {
  readonly verdict: Verdict
  readonly formats: readonly ArchiveFormat[]
  readonly references: readonly string[]
  readonly images: readonly ImageFacts[]
  readonly beside: readonly Beside[]
  /** What is wrong with it, one sentence each. */
  readonly problems: readonly string[]
  /** What was not verified. */
  readonly notLookedAt: readonly NotLookedAt[]
  /** What is odd but right, one sentence each. */
  readonly notes: readonly string[]
}

/** What to run in an unpacked image. */
export interface UnpackedImage {
  /** The entrypoint followed by the command: what `docker run` without arguments starts. */
  readonly cmd: string[]
  readonly env: string[]
  readonly user: string
  readonly workdir: string
}
