import * as v from 'valibot'
import { architectures, name, path, paths, text, url } from './forms.ts'

const repositories = v.pipe(v.array(name), v.nonEmpty('must name a repository'))

const deb = v.strictObject({
  /** Addresses have the folder `dists` in them. */
  archive: url,
  security: url,
  /** Where a mirror holds the security updates: beside the rest, or at its address with this ending. */
  mirroredSecurity: text,
  /** For architectures that the archive lacks. */
  others: v.optional(v.strictObject({ archiveHas: architectures, archive: url, security: url })),
  /** Where a release goes when the archive drops it: those whose last support ended before `endedBefore`, such as `2026`. */
  old: v.optional(
    v.strictObject({ endedBefore: text, archive: url, security: url, keyring: path }),
  ),
  /** The file that has the keys, in the builder. */
  keyring: path,
  /** With a space between: `main universe`. */
  components: text,
  /** The components that `--include` looks in, with a comma between, where they are more than debootstrap's own. */
  includeFrom: v.optional(text),
  /** The `Origin` in its index: what the archive must have, and a mirror of the builder's to be taken. */
  origin: text,
  /** The script of debootstrap, where the release's own name is unknown to it. */
  script: v.optional(name),
  updates: v.optional(v.strictObject({ suite: text, from: v.optional(v.number()) })),
  /** `from` is the first version with that name; `before` is the name until then. */
  securitySuite: v.optional(
    v.strictObject({ suite: text, from: v.optional(v.number()), before: v.optional(text) }),
  ),
})

const apk = v.strictObject({
  /** Addresses have the branches in them: `v3.20/main/x86_64`. */
  archive: url,
  /** Below each branch, the first is preferred: `main`, `community`. */
  repositories,
})

/** `{version}`, `{codename}` and `{machine}` (rpm's architecture) are filled in. */
const dnf = v.strictObject({
  /** The repositories below a mirror, as the distribution's own mirrors have them. */
  paths,
  /** The key's file in the builder. */
  key: path,
  /** Where the image's own rpm keeps its database, where the builder's does elsewhere. */
  dbpath: v.optional(path),
  /**
   * Where a release goes when its mirrors drop it, by the same paths. `archiveHas` are the architectures that it has, all
   * when left out; for the others the builder's own list is asked.
   */
  old: v.optional(
    v.strictObject({ endedBefore: text, archive: url, archiveHas: v.optional(architectures) }),
  ),
})

const zypper = v.strictObject({
  archive: url,
  /** The repositories below a mirror. */
  paths,
  /** The same for architectures (Go's names) that lie elsewhere. */
  otherArchitectures: v.optional(v.record(v.string(), paths)),
  /** The keys' files in the builder; a pattern of the shell. */
  keys: path,
})

const pacman = v.strictObject({ repositories })

/** Where its one program comes from. */
const busybox = v.strictObject({
  /** Addresses have the folder `dists` in them. */
  debian: v.strictObject({ archive: url, suite: name }),
  /** Addresses have the branches in them. */
  alpine: v.strictObject({ archive: url, branch: text, repository: name }),
})

/** What each family's settings may be; they stand under the family's name in distro.json. */
export const SETTINGS = { deb, apk, dnf, zypper, pacman, busybox }

/** The families of distributions: how a root filesystem is made, each a folder in src/plan/full/families. */
export type FamilyName = keyof typeof SETTINGS

/** The settings of a family, as its schema lets them through. */
export type SettingsOf<Name extends FamilyName> = v.InferOutput<(typeof SETTINGS)[Name]>
