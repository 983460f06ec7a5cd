import { BootstrapError } from '../errors.ts'
import { counted } from '../../text/units.ts'
import { parseStanza, type Fields } from './deb822.ts'

/** A file that an index names. */
export interface ListedFile {
  /** Below the suite's folder: `main/binary-amd64/Packages.gz`. */
  readonly path: string
  readonly sha256: string
  readonly size: number
}

/** What a suite's Release text says, of which every word is signed. */
export interface Release {
  readonly codename: string
  readonly suite: string
  readonly components: readonly string[]
  readonly architectures: readonly string[]
  /** Milliseconds since 1970. */
  readonly date: number
  readonly validUntil: number | null
  readonly byHash: boolean
  readonly files: ReadonlyMap<string, ListedFile>
}

/**
 * Returns what the text of a verified Release says. Throws `index-malformed`; `signature-weak` when it lists no SHA-256.
 */
export const readRelease = (text: string, what: string): Release => {
  const fields = parseStanza(text, what)
  const value = (name: string) => fields.get(name) ?? ''
  const words = (name: string) => value(name).split(/\s+/).filter(Boolean)
  const date = Date.parse(value('date'))
  if (Number.isNaN(date)) throw malformed(what, 'it has no Date')
  const until = fields.has('valid-until') ? Date.parse(value('valid-until')) : null
  if (Number.isNaN(until)) throw malformed(what, 'its Valid-Until is not a date')
  return {
    codename: value('codename'),
    suite: value('suite'),
    components: words('components').map(name => name.split('/').at(-1)!),
    architectures: words('architectures'),
    date,
    validUntil: until,
    byHash: value('acquire-by-hash').toLowerCase() === 'yes',
    files: listedIn(fields, what),
  }
}

/** What a suite must be to be believed. */
export interface Expected {
  /** As asked for: `bookworm-security`. */
  readonly suite: string
  readonly codename: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** An old index is meant to be old. */
  readonly snapshot: boolean
  /** The Date of the newest index of this suite that was ever believed here, in milliseconds; null when there was none. */
  readonly seen: number | null
}

/**
 * Checks that a Release is the suite that was asked for, of a time that can be. Throws `suite-wrong`,
 * `index-from-future`, `index-expired` or `index-replayed`.
 */
export const checkRelease = (release: Release, expected: Expected, what: string): void => {
  checkSuite(release, expected, what)
  const { date, validUntil } = release
  const { now, seen, snapshot } = expected
  if (date - now > DAY)
    throw new BootstrapError(
      'index-from-future',
      `${what} was made on ${dayOf(date)}, but this machine's clock says ${dayOf(now)}: the clock is wrong.`,
      ['Set the clock of this machine, then try again.'],
    )
  if (snapshot) return
  if (validUntil !== null && validUntil < now)
    throw new BootstrapError(
      'index-expired',
      `${what} was valid until ${dayOf(validUntil)}, and this machine's clock says ${dayOf(now)}: the mirror is no longer updated, or the clock is wrong.`,
      ['Try another mirror with --mirror URL; if the clock is wrong, set it.'],
    )
  if (seen !== null && date < seen)
    throw new BootstrapError(
      'index-replayed',
      `${what} is of ${dayOf(date)}, ${ageOf(seen - date)} older than one of ${dayOf(seen)} from the same address that was used here before: the mirror is out of date, or somebody is replaying an old one.`,
      [
        'Try again in an hour or so: where several servers share an address, one may be some hours behind.',
        'Or take another mirror with --mirror URL: each address is remembered separately.',
      ],
    )
}

const DAY = 86_400_000

/** How much time that is, in words: hours up to two days. */
const ageOf = (milliseconds: number): string => {
  const hours = milliseconds / 3_600_000
  if (hours < 1) return counted(Math.max(1, Math.round(hours * 60)), 'minute')
  return hours < 48 ? counted(Math.round(hours), 'hour') : counted(Math.round(hours / 24), 'day')
}

const dayOf = (time: number): string =>
  `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** buster and before name the security suite `buster/updates` and their index by the release alone. */
const checkSuite = (release: Release, { suite, codename }: Expected, what: string): void => {
  if ([release.codename, release.suite].includes(suite)) return
  if (suite === `${codename}/updates` && release.codename === codename) return
  throw new BootstrapError(
    'suite-wrong',
    `${what} says that it is ${release.codename || release.suite || 'of no suite'}, not ${suite}.`,
    ['The mirror mixes suites up; try another with --mirror URL.'],
  )
}

const malformed = (what: string, why: string): BootstrapError =>
  new BootstrapError('index-malformed', `${what} can't be used: ${why}.`, [
    'Try another mirror with --mirror URL.',
  ])

const MOST_FILES = 200_000

const listedIn = (fields: Fields, what: string): Map<string, ListedFile> => {
  const list = fields.get('sha256')
  if (list === undefined)
    throw new BootstrapError(
      'signature-weak',
      `${what} lists no SHA-256 of its files, only hashes that are no longer safe.`,
      ['Such an archive can only be used with debootstrap: --bootstrap debootstrap.'],
    )
  const files = new Map<string, ListedFile>()
  for (const line of list.split('\n')) {
    const match = /^\s*([0-9a-fA-F]{64})\s+(\d{1,12})\s+(\S+)\s*$/.exec(line)
    if (match === null) continue
    if (files.size === MOST_FILES) throw malformed(what, 'it lists too many files')
    const path = match[3]!
    files.set(path, { path, sha256: match[1]!.toLowerCase(), size: Number(match[2]) })
  }
  return files
}
