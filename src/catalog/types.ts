import type { FamilyName } from './settings.ts'

/** A distribution as assets/distros/<name>/distro.json, or a recipe of the user's own, describes it. */
export interface Distribution {
  /** What `--distro` takes: `ubuntu`. */
  readonly name: string
  /** The name for people: `Ubuntu`. */
  readonly title: string
  /** One honest sentence on who takes it. */
  readonly says: string
  /** Its C library, as lists show it: `glibc`, `musl`, `static`; null where the file leaves it out. */
  readonly libc: string | null
  /** When the image that its makers publish is the better one, in a sentence or two; null where nobody says it. */
  readonly officialWhen: string | null
  readonly family: FamilyName
  /** Its place in lists; the usual one first. */
  readonly order: number
  /** Where a person looks up the names of its packages, an address; null where there is no such page. */
  readonly packageList: string | null
  /** How the names of distributions begin that are made like it: a recipe of that name begins as its copy. */
  readonly relatives: readonly string[]
  /** The Docker Official Image of it, or null. */
  readonly officialImage: string | null
  /** The architectures (Go's names) that it is made for; null for any. */
  readonly architectures: readonly string[] | null
  /** Words that stand for a release and move on: `lts`, `stable`. */
  readonly words: Readonly<Record<string, MovingRelease>>
  /** How a long-term release is marked in lists, such as `LTS`; null for not at all. */
  readonly longTermLabel: string | null
  /** Whether everybody gets the updates of the long term for free. */
  readonly longTermIsFree: boolean
  readonly builder: BuilderImage
  /** What a container of the image starts. */
  readonly start: readonly string[]
  readonly variants: readonly Variant[]
  readonly proof: Proof
  /** The form that keys of `--keyring` must have: OpenPGP as bytes, OpenPGP as bytes or text, or an RSA key as PEM. */
  readonly keyForm: 'binary' | 'openpgp' | 'pem'
  /** Whether documents and translations can be left out (`--slim`). */
  readonly slims: boolean
  /** What a first image downloads, in bytes, and how long the rest takes, in seconds; null where nobody measured it. */
  readonly downloads: Downloads | null
  /** Bytes of an image of the first variant, with and without documents; null where nobody measured it. */
  readonly sizes: { readonly whole: number; readonly slim?: number } | null
  /** What the person should know before it runs. */
  readonly notes: readonly string[]
  /** The settings of its family, under the family's name in the file. */
  readonly settings: FamilySettings
  /** What older releases have otherwise; where two rows say it of one release, the later one counts. */
  readonly older: readonly Older[]
  /** Releases that are known and can't be made. */
  readonly gone: readonly Gone[]
  readonly releases: readonly Release[]
  /** Where the data on releases are from. */
  readonly source: string
  /** The day of those data, `YYYY-MM-DD`. */
  readonly day: string
  /** The folder it was read from, absolute. */
  readonly folder: string
  /** The scripts in it that replace the family's own: `bootstrap.sh`, `pack.sh`, `verify.sh`. */
  readonly scripts: readonly string[]
  /** Whether its archive has other packages for other architectures, so that one must be settled beforehand. */
  readonly archDecidesArchive: boolean
  /** True for a recipe of the user's own. */
  readonly isRecipe: boolean
}

/** What a moving word points at: the standard release, the newest that is out, the one before it, the one without a version, or a code name. */
export type MovingRelease =
  'standard' | 'newest' | 'previous' | 'testing' | 'unversioned' | { readonly release: string }

/** The image that a root filesystem is made in. */
export interface BuilderImage {
  /** `{codename}` and `{version}` stand for the release's. */
  readonly image: string
  /** The oldest version whose own image works as a builder; before it the newest long-term release's is taken. */
  readonly oldest: string | null
  /** Packages that the builder lacks, besides those of the family. */
  readonly packages: readonly string[]
}

/** What was measured of the first variant: bytes as compressed, seconds on two cores with a near mirror. */
export interface Downloads {
  readonly builder: number
  readonly packages: number
  readonly seconds: number
}

/** What releases with a version before this one have otherwise. */
export interface Older {
  readonly before: string
  readonly architectures?: readonly string[]
  readonly builder?: Partial<BuilderImage>
  /** What a package of the variants is called there; null where there is none. */
  readonly packages?: Readonly<Record<string, string | null>>
  readonly settings: FamilySettings
}

/** Releases with a version from one on, or before one, that can't be made. */
export interface Gone {
  readonly from?: string
  readonly before?: string
  /** Names that people know such releases by: `wheezy`. */
  readonly names?: readonly string[]
  /** The code name of the nearest release that can be made, where numbers do not tell it. */
  readonly nearest?: string
  /** A whole sentence. */
  readonly why: string
}

/** A choice of packages. */
export interface Variant {
  readonly name: string
  readonly label: string
  readonly says: string
  /** What is installed; empty where the family's tool knows the variant by name. */
  readonly packages: readonly string[]
  /** The form of its keys, where it is not the distribution's. */
  readonly keyForm?: Distribution['keyForm']
  /** What was measured of it, where it is not the first: bytes of packages as downloaded, seconds for the rest, bytes of the image. */
  readonly measured?: {
    readonly packages: number
    readonly seconds: number
    readonly size: number
  }
}

/** The file that tells what the image is, and the line in it that proves the release. */
export interface Proof {
  readonly file: string
  /** `{codename}` and `{version}` stand for the release's. */
  readonly line: string
  /** The line for a release that has not come out; the same as `line` when null. */
  readonly unreleased: string | null
}

/** Settings of a family, checked by its own schema in src/catalog/settings.ts. */
export type FamilySettings = Readonly<Record<string, unknown>>

/** A release of a distribution. Dates are `YYYY-MM-DD`; null means that there is none yet, or never. */
export interface Release {
  /** The distribution's name. */
  readonly distro: string
  /** The suite's name in the archive: `noble`; the version where a release has no name. */
  readonly codename: string
  /** The name for people: `Noble Numbat`. */
  readonly name: string
  /** `24.04`, `12`; null for what rolls, such as Debian's sid. */
  readonly version: string | null
  /** Ubuntu's LTS releases, and all of Debian's but sid. */
  readonly longTerm: boolean
  /** The day it came out or shall come out. */
  readonly released: string | null
  /** The last day of its distribution's own support, free for everybody. */
  readonly supportedUntil: string | null
  /** The last day of a longer support: Debian's LTS, which is free too, or Ubuntu's ESM, which Ubuntu Pro gives. */
  readonly longTermUntil: string | null
  /** The line that proves it, where it is not the distribution's. */
  readonly proof: string | null
}

/** How a release is supported on a day. `ended` is without free updates for everybody, so an LTS in ESM too. */
export interface Support {
  readonly state: 'development' | 'supported' | 'long-term' | 'ended'
  /** The last day of what `words` tell of, `YYYY-MM-DD`. */
  readonly until: string | null
  /** For people, 40 characters at most: `supported until May 2029`. */
  readonly words: string
}
