/** An archive's suite and component that a package or an index comes from. */
export interface Origin {
  /** The archive's address, without user and password and without a last `/`: `http://host/debian`. */
  readonly archive: string
  /** As in the address below `dists/`: `bookworm`, `bookworm-security`, `buster/updates`. */
  readonly suite: string
  readonly component: string
  /** Whether it is the release itself or came after it. */
  readonly role: SuiteRole
}

export type SuiteRole = 'release' | 'updates' | 'security'

/** A package as a verified index describes it. */
export interface PackageRecord {
  readonly name: string
  readonly version: string
  /** Debian's name (`amd64`), or `all`. */
  readonly architecture: string
  /** `Filename` in the index, relative to the archive: `pool/main/b/bash/bash_5.2_amd64.deb`. */
  readonly filename: string
  /** Where it is fetched from, whole, without user and password. */
  readonly url: string
  /** Bytes of the .deb. */
  readonly size: number
  /** Of the .deb, in lower-case hex. */
  readonly sha256: string
  /** The archive's own values, which may differ from those inside the .deb; dpkg's status has these. Empty when absent. */
  readonly priority: string
  readonly section: string
  readonly essential: boolean
  /** `Installed-Size` in bytes, 0 when absent. */
  readonly installedBytes: number
  readonly origin: Origin
  /** The whole stanza, as the index has it, without the empty line after it. */
  readonly stanza: string
}

/** A file to fetch. */
export interface FetchRequest {
  /** Whole; may hold user and password, which no message shows. */
  readonly url: string
  /** For messages: `the index of bookworm`, `bash 5.2.15-2`. */
  readonly what: string
  /** What it must be; a file with a hash is kept in the cache by it, and taken from there. */
  readonly sha256?: string
  readonly size?: number
  /** More is refused before memory or disk is taken for it. */
  readonly maxBytes: number
  readonly signal: AbortSignal
  /** Bytes that have newly arrived; those from the cache are reported at once. */
  readonly onBytes?: (bytes: number) => void
}

export interface FetchedBytes {
  readonly bytes: Buffer
  /** `unchanged`: the server said that the cache's copy is still current. */
  readonly from: 'network' | 'cache' | 'unchanged'
}

export interface FetchedFile {
  /** A file in the cache, already checked while it was written; whoever reads it checks its hash again. */
  readonly path: string
  readonly from: 'network' | 'cache'
}

/**
 * Fetches files. One without a hash (a signed index) is asked for with the validators of the cache's copy, and offline
 * the cache's copy is taken. Throws BootstrapError with a FetchCode; `not-found` when the server has no such file.
 */
export interface Fetcher {
  /** The whole file in memory. */
  readonly bytes: (request: FetchRequest) => Promise<FetchedBytes>
  /** A file with a hash, in the cache. */
  readonly file: (
    request: FetchRequest & { readonly sha256: string; readonly size: number },
  ) => Promise<FetchedFile>
}

/** debootstrap's variants, mmdebstrap's two smaller ones, and named packages without what they don't need. */
export type DebVariant =
  'minbase' | 'standard' | 'buildd' | 'essential' | 'important' | 'distroless'

/** A suite to take packages from. */
export interface SuiteSource {
  /** May hold user and password, which are sent and never shown or saved. */
  readonly archive: string
  readonly suite: string
  readonly components: readonly string[]
  readonly role: SuiteRole
  /** True when the run continues without it where the archive says that there is none. */
  readonly optional: boolean
  /** Another archive that is asked when this one says that there is none. */
  readonly elsewhere?: string
  /** The keys that sign it, where those are not the request's. */
  readonly keys?: readonly ArchiveKey[]
}

/** An OpenPGP certificate that indexes may be signed with, ASCII-armoured or binary. */
export interface ArchiveKey {
  /** Where it is from, for messages: `assets/keys/debian-archive-bookworm-stable.asc`. */
  readonly file: string
  readonly certificate: Uint8Array
  /** The primary key's fingerprint in upper-case hex that the certificate must have; absent for a person's own keyring. */
  readonly fingerprint?: string
}

/** What root filesystem is wanted. */
export interface BootstrapRequest {
  readonly distribution: 'debian' | 'ubuntu'
  /** The release's code name: `bookworm`. */
  readonly codename: string
  /** In the order of preference at equal versions; the release itself first. */
  readonly sources: readonly SuiteSource[]
  /** Debian's name: `amd64`. */
  readonly architecture: string
  readonly variant: DebVariant
  /** As typed: names, virtual names, `name=version`, `name/suite`. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly keys: readonly ArchiveKey[]
  /** Now, in milliseconds since 1970: what dates in indexes and keys are compared with. */
  readonly now: number
  /** A snapshot's index is old by intent, so its Valid-Until is not looked at. */
  readonly snapshot: boolean
}

/** A suite's index as verified. */
export interface VerifiedSuite {
  readonly source: SuiteSource
  /** sha256 of the InRelease, in hex: the index's identity. */
  readonly sha256: string
  /** Milliseconds since 1970. */
  readonly date: number
  readonly signedBy: readonly string[]
}

/** The packages of a root filesystem, verified, in debootstrap's order of work. */
export interface PackageSet {
  readonly suites: readonly VerifiedSuite[]
  /** Optional suites that the archive does not have. */
  readonly missing: readonly SuiteSource[]
  /** Configured first: what every package may take for granted. In name order. */
  readonly required: readonly PackageRecord[]
  /** The rest of the variant with its dependencies. In name order. */
  readonly base: readonly PackageRecord[]
  /** What `--include` adds over the variant, installed by the real apt. In name order. */
  readonly extras: readonly PackageRecord[]
  /** The newest Date of the indexes, in seconds since 1970. */
  readonly epoch: number
  /** How many packages are newer than the release's own. */
  readonly newer: number
}

/** The dates of indexes that were believed before, so that an older one that is played back is noticed. */
export interface SeenIndexes {
  /** By archive and suite, milliseconds since 1970; null when none was seen. */
  readonly newest: (archive: string, suite: string) => Promise<number | null>
  readonly note: (archive: string, suite: string, date: number) => Promise<void>
}
