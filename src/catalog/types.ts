export type Distro = 'ubuntu' | 'debian'

/** A release of a distribution. Dates are `YYYY-MM-DD`; null means that there is none yet, or never. */
export interface Release {
  readonly distro: Distro
  /** The suite's name in the archive: `noble`. */
  readonly codename: string
  /** The name for people: `Noble Numbat`. */
  readonly name: string
  /** `24.04`, `12`; null for Debian's sid, which is never released. */
  readonly version: string | null
  /** Ubuntu's LTS releases, and all of Debian's but sid. */
  readonly longTerm: boolean
  /** The day it came out or shall come out. */
  readonly released: string | null
  /** The last day of its distribution's own support, free for everybody. */
  readonly supportedUntil: string | null
  /** The last day of Debian's LTS, which is free too, or of Ubuntu's ESM, which Ubuntu Pro gives. */
  readonly longTermUntil: string | null
}

/** How a release is supported on a day. `ended` is without free updates for everybody, so an LTS in ESM too. */
export interface Support {
  readonly state: 'development' | 'supported' | 'long-term' | 'ended'
  /** The last day of what `words` tell of, `YYYY-MM-DD`. */
  readonly until: string | null
  /** For people, 40 characters at most: `supported until May 2029`. */
  readonly words: string
}
