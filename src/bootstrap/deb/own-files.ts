import type { PackageRecord, PackageSet } from '../types.ts'

/** A file of ours in the tree that is to be configured. */
export interface OwnFile {
  /** Relative to the root. */
  readonly path: string
  readonly mode: number
  readonly bytes: Uint8Array
}

/** What goes into the tree besides the packages. */
export interface OwnInput {
  readonly set: PackageSet
  /** assets/bootstrap/configure.sh. */
  readonly script: Uint8Array
  /** What the image's apt fetches from: `URL SUITE COMPONENTS`, a line each. */
  readonly sources: readonly string[]
  /** The keys of a mirror of one's own, or null. */
  readonly keyring: Uint8Array | null
  /** A person's own: see ownHook and ownCopy. */
  readonly more?: readonly OwnFile[]
  /** Returns the bytes of an extra package. Called when it is written, so that one at a time is in memory. */
  readonly extra: (record: PackageRecord) => Uint8Array
}

/** Where these files are, until the image is finished. */
export const OWN_FOLDER = '.create-base-image'

/** Returns the files that configure.sh works with. */
export const ownFiles = ({
  set,
  script,
  sources,
  keyring,
  more = [],
  extra,
}: OwnInput): OwnFile[] => [
  own('configure', script, 0o755),
  own('required', names(set.required)),
  own('base', names(set.base)),
  own('sources', lines(sources)),
  ...(keyring === null ? [] : [own('keyring', keyring)]),
  ...set.extras.map(record => ({
    path: `${OWN_FOLDER}/debs/${record.name}_${record.architecture}.deb`,
    mode: 0o644,
    get bytes() {
      return extra(record)
    },
  })),
  ...more,
  // A service that a package starts would run while the image is made.
  { path: 'usr/sbin/policy-rc.d', mode: 0o755, bytes: Buffer.from('#!/bin/sh\nexit 101\n') },
]

/** Returns the script that runs in the finished tree, without network. */
export const ownHook = (bytes: Uint8Array): OwnFile => own('hook', bytes, 0o755)

/** Returns a file that is copied into the finished tree; `path` is its place there, `mode` its permission bits. */
export const ownCopy = (path: string, bytes: Uint8Array, mode: number): OwnFile =>
  own(`copies/${path}`, bytes, mode)

/** Returns the files that are copied, each at its place; a hook is none. */
export const inPlace = (files: readonly OwnFile[]): OwnFile[] =>
  files.flatMap(file =>
    file.path.startsWith(COPIES) ? { ...file, path: file.path.slice(COPIES.length) } : [],
  )

const COPIES = `${OWN_FOLDER}/copies/`

const own = (name: string, bytes: Uint8Array, mode = 0o644): OwnFile => ({
  path: `${OWN_FOLDER}/${name}`,
  mode,
  bytes,
})

const lines = (all: readonly string[]): Buffer => Buffer.from(all.map(line => `${line}\n`).join(''))

const names = (records: readonly PackageRecord[]): Buffer => lines(records.map(({ name }) => name))
