import type { RunNotes } from './run-notes.ts'

/** A text file of the project folder: its text, or the asset or file that it is made from. */
export type ProjectFile = { readonly file: string; readonly mode?: number } & (
  | { readonly text: string }
  /** A file of assets/, with `{{name}}` replaced by values. */
  | { readonly asset: string; readonly values: Readonly<Record<string, string>> }
  /** A file of the person's, copied; with `includes`, each line `{{> asset}}` in it becomes that asset's text. */
  | { readonly copyOf: string; readonly includes?: true }
  /** A person's sources, for the release of that code name: without users and passwords, and with them the keys that they name. */
  | { readonly sourcesOf: string; readonly codename: string }
)

/** What a plan tells each craft, as data. Files without a leading `/` are in the project folder. */
export interface CraftInputs {
  readonly 'write-project': {
    readonly files: readonly ProjectFile[]
    /** The folder, as people are shown it. */
    readonly shown: string
  }
  readonly 'inspect-program': ProgramInput & {
    /** The image that it was compiled in. */
    readonly builder?: string
  }
  readonly 'write-raw': ProgramInput & { readonly message: string | null }
  readonly 'write-certificates': { readonly file: string }
  readonly 'write-users': {
    readonly files: readonly { readonly file: string; readonly text: string }[]
  }
  readonly 'make-tmp': { readonly folder: string; readonly keptBy: string }
  readonly 'copy-zones': { readonly from: string; readonly folder: string }
  readonly 'unpack-zones': { readonly folder: string }
  readonly 'unpack-programs': { readonly file: string; readonly archs: readonly string[] }
  readonly 'pack-image': ProgramInput &
    RunNotes & {
      readonly reference: string
      readonly archive: string
      /** A folder of files that go in besides the program. */
      readonly tree: string | null
    }
  readonly 'pack-layer': PackInput & { readonly reference: string }
  readonly 'pack-apk': RootInputs['pack-apk'] & PackInput & FetchInput
  readonly 'pack-busybox': RootInputs['pack-busybox'] & PackInput & FetchInput
  readonly 'pack-deb': RootInputs['pack-deb'] & PackInput & FetchInput
  readonly 'read-deb-index': RootInputs['pack-deb'] & FetchInput & { readonly file: string }
  readonly 'place-archive': { readonly from: string; readonly archive: string }
  readonly 'unpack-image': {
    readonly archive: string
    readonly directory: string
    /** Of an archive for several architectures, this one. */
    readonly arch?: string
  }
  readonly 'read-release': {
    readonly archive: string
    readonly file: string
    readonly line: string
  }
}

export type CraftName = keyof CraftInputs

/** What the crafts that make a root filesystem of packages are told of it, besides where it goes. */
export interface RootInputs {
  readonly 'pack-apk': {
    readonly mirror: string
    readonly branch: string
    readonly version: string | null
    readonly repositories: readonly string[]
    readonly architecture: string
    readonly packages: readonly string[]
    /** True where a mirror need not have every repository. */
    readonly isPartial: boolean
    readonly writtenMirror: string
    readonly keys: string | null
    readonly keyring: string | null
    readonly believesMirror: boolean
  }
  readonly 'pack-busybox': {
    readonly version: string
    readonly mirror: string
    readonly architecture: string
    readonly keyring: string | null
  } & (
    | { readonly libc: 'glibc'; readonly suite: string }
    | { readonly libc: 'musl'; readonly branch: string; readonly repository: string }
  )
  readonly 'pack-deb': {
    readonly release: string
    readonly distro: string
    readonly arch: string
    /** True where an engine configures the packages. */
    readonly engine: boolean
    readonly platform: string | null
    readonly variant: string
    readonly include: readonly string[]
    readonly mirror: string | null
    readonly sources?: string
    readonly near: string | null
    readonly keyring: string | null
    readonly updates: boolean
    readonly snapshot: string | null
    readonly locked: string | null
    readonly slim: boolean
  }
}

/** A program, and the architectures of an image for several. */
export interface ProgramInput {
  readonly file: string
  readonly arch: string
  readonly archs?: readonly string[]
}

/** An archive that a root filesystem is packed into. */
export interface PackInput extends RunNotes {
  readonly arch: string
  readonly archive: string
  /** Null for one that an engine loads under the run's name. */
  readonly reference: string | null
}

/** How files come from the network. */
export interface FetchInput {
  readonly offline?: boolean
}
