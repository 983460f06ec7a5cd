import type { Dependency, Provision } from './dependency.ts'
import type { ApkKey } from './keys.ts'

/** What root filesystem of Alpine is wanted. */
export interface ApkRequest {
  /** The folder that has the branches in it: `https://dl-cdn.alpinelinux.org/alpine`; may hold user and password. */
  readonly mirror: string
  /** The release's folder: `v3.20`, `edge`. */
  readonly branch: string
  /** The release's version that the result must have: `3.20`; null for one that rolls. */
  readonly version: string | null
  /** Below the branch, the first is preferred: `main`, `community`. */
  readonly repositories: readonly string[]
  /** Whether a mirror may lack all but the first, which then are left out of the image too. */
  readonly isPartial: boolean
  /** Alpine's name: `x86_64`, `aarch64`. */
  readonly architecture: string
  /** The world: names, or names with versions. */
  readonly packages: readonly string[]
  readonly keys: readonly ApkKey[]
  /** What the image's etc/apk/repositories has instead of `mirror`; without user and password. */
  readonly writtenMirror: string
  /** Keys that the image should trust besides those of its packages; a nameless one goes by the index's signature. */
  readonly writtenKeys: readonly ApkKey[]
  /** Seconds since 1970 that no file is newer than; absent, the newest package's time. */
  readonly epoch?: number
  readonly signal: AbortSignal
  readonly onProgress?: (progress: ApkProgress) => void
}

/** How far it is, in bytes of packages once they are known. */
export interface ApkProgress {
  readonly phase: 'index' | 'packages' | 'unpack'
  readonly done: number
  readonly total: number
  /** What is worked on: a repository or a package. */
  readonly subject: string
}

/** A package as a verified index describes it. */
export interface ApkPackage {
  readonly name: string
  readonly version: string
  /** Alpine's name (`x86_64`), or `noarch`; empty when the index has none. */
  readonly architecture: string
  /** sha1 of the package's control member as stored: the package's identity. */
  readonly identity: Buffer
  /** Bytes of the .apk. */
  readonly size: number
  /** Bytes that its files take, 0 for a package without files. */
  readonly installedSize: number
  readonly description: string
  readonly url: string
  readonly license: string
  readonly origin: string
  readonly maintainer: string
  /** Seconds since 1970, 0 when absent. */
  readonly built: number
  readonly commit: string
  /** Which of several providers of a virtual name is taken; 0 when absent, then none is without being asked for. */
  readonly priority: number
  readonly depends: readonly Dependency[]
  readonly provides: readonly Provision[]
  /** It comes by itself when all of these are there. */
  readonly installIf: readonly Dependency[]
  /** Where it comes from: the place of its repository in the list, the first is 0. */
  readonly repository: number
}

/** A repository of a release, as its verified index describes it. */
export interface Repository {
  /** `main`, `community`, `testing`. */
  readonly name: string
  /** The name of the key that signed its index. */
  readonly signedBy: string
  /** Its packages. */
  readonly packages: readonly ApkPackage[]
}

/** Returns a package's name and version as apk writes them: `busybox-1.36.1-r29`. */
export const fullName = (each: Pick<ApkPackage, 'name' | 'version'>): string =>
  `${each.name}-${each.version}`
