import { BootstrapError } from '../errors.ts'
import type { Origin, PackageRecord } from '../types.ts'
import { parseStanza, placesOf, type StanzaPlaces } from './deb822.ts'
import { isPackageName, parseProvides } from './dependencies.ts'
import { compareVersions, isVersion } from './version.ts'

/** The bytes of a verified Packages file, and where it is from. */
export interface IndexFile {
  readonly bytes: Buffer
  readonly origin: Origin
}

/** A package with what its stanza says about others. */
export interface IndexedPackage extends PackageRecord {
  readonly depends: string
  readonly preDepends: string
  readonly provides: string
  readonly conflicts: string
  readonly breaks: string
}

/** A package that offers a virtual name, in a version or in none. */
export interface Provider {
  readonly package: IndexedPackage
  readonly version: string | null
}

/** The packages of several indexes together; the highest version of a name wins, the first index among equals. */
export interface PackagesIndex {
  /** How many stanzas there are in all. */
  readonly count: number
  /** The highest version of a real package, or null. */
  readonly newest: (name: string) => IndexedPackage | null
  /** All of its versions, the highest first. */
  readonly all: (name: string) => readonly IndexedPackage[]
  /** Names of the packages with a priority in the release itself, which is what debootstrap goes by; each once. */
  readonly withPriority: (priority: string) => readonly string[]
  /** Names of those that the release itself marks so. */
  readonly essential: () => readonly string[]
  /** The packages that provide a virtual name, each in its highest version. */
  readonly providers: (name: string) => readonly Provider[]
  /** All names of real packages. */
  readonly names: () => Iterable<string>
}

/**
 * Returns the packages of verified indexes for one architecture. Only where stanzas are is found at once; a stanza is
 * read when it is asked for. Throws `index-malformed` when a stanza that is needed lacks what a package must have.
 */
export const openPackages = (files: readonly IndexFile[], architecture: string): PackagesIndex => {
  const parts = files.map(file => openPart(file, architecture))
  const released = parts.filter((_, n) => files[n]!.origin.role === 'release')
  const known = new Map<string, readonly IndexedPackage[]>()
  const all = (name: string) => {
    const before = known.get(name)
    if (before !== undefined) return before
    // A stable sort keeps the first index's among equals.
    const found = parts
      .flatMap(part => part.named(name))
      .sort((a, b) => compareVersions(b.version, a.version))
    known.set(name, found)
    return found
  }
  const newest = (name: string) => all(name)[0] ?? null
  const unique = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())]
  return {
    count: parts.reduce((sum, part) => sum + part.places.count, 0),
    newest,
    all,
    withPriority: priority => unique(released.map(part => part.having('Priority', priority))),
    essential: () => unique(released.map(part => part.having('Essential', 'yes'))),
    providers: name =>
      unique(parts.map(part => part.provided().get(name) ?? [])).flatMap(by =>
        offersOf(newest(by), name),
      ),
    names: () => new Set(parts.flatMap(part => [...part.byName.keys()])),
  }
}

interface Part {
  readonly places: StanzaPlaces
  /** The stanza of a name; for one of several stanzas, all of them. */
  readonly byName: ReadonlyMap<string, number | readonly number[]>
  readonly named: (name: string) => IndexedPackage[]
  readonly having: (field: string, value: string) => string[]
  /** Which packages provide a virtual name. */
  readonly provided: () => ReadonlyMap<string, readonly string[]>
}

const openPart = ({ bytes, origin }: IndexFile, architecture: string): Part => {
  const what = `The index of ${origin.suite}/${origin.component}`
  const places = placesOf(bytes, what)
  const nameAt = (n: number) => stanzaName(bytes, places.start(n), places.end(n))
  const byName = new Map<string, number | readonly number[]>()
  for (let n = 0; n < places.count; n++) {
    const name = nameAt(n)
    if (name === null) continue
    const before = byName.get(name)
    byName.set(name, before === undefined ? n : [before, n].flat())
  }
  let provided: Map<string, string[]> | null = null
  return {
    places,
    byName,
    named: name =>
      [byName.get(name) ?? []]
        .flat()
        .map(n => recordOf(bytes.toString('utf8', places.start(n), places.end(n)), origin, what))
        .filter(({ architecture: own }) => own === architecture || own === 'all'),
    having: (field, value) => {
      const line = Buffer.from(`\n${field}: ${value}`)
      return occurrences(bytes, line).flatMap(at => {
        const end = bytes[at + line.length]
        return end === NEWLINE || end === undefined ? (nameAt(places.at(at + 1)) ?? []) : []
      })
    },
    provided: () => (provided ??= providedIn(bytes, places, nameAt)),
  }
}

const NEWLINE = 10
const PACKAGE = Buffer.from('Package: ')
const LATER_PACKAGE = Buffer.from('\nPackage: ')
const PROVIDES = Buffer.from('\nProvides: ')

/** A stanza's package name, which archives put first; null for a stanza of something else. */
const stanzaName = (bytes: Buffer, start: number, end: number): string | null => {
  let from = start + PACKAGE.length
  if (bytes.compare(PACKAGE, 0, PACKAGE.length, start, Math.min(from, end)) !== 0) {
    const later = bytes.subarray(start, end).indexOf(LATER_PACKAGE)
    if (later < 0) return null
    from = start + later + LATER_PACKAGE.length
  }
  const line = bytes.indexOf(NEWLINE, from)
  return bytes.toString('latin1', from, line < 0 || line > end ? end : line).trim()
}

const occurrences = (bytes: Buffer, sought: Buffer): number[] => {
  const found: number[] = []
  for (let at = bytes.indexOf(sought); at >= 0; at = bytes.indexOf(sought, at + 1)) found.push(at)
  return found
}

const providedIn = (
  bytes: Buffer,
  places: StanzaPlaces,
  nameAt: (n: number) => string | null,
): Map<string, string[]> => {
  const provided = new Map<string, string[]>()
  for (const at of occurrences(bytes, PROVIDES)) {
    const n = places.at(at + 1)
    const by = nameAt(n)
    const line = bytes.indexOf(NEWLINE, at + 1)
    const field = bytes.toString('latin1', at + PROVIDES.length, line < 0 ? places.end(n) : line)
    if (by === null) continue
    for (const { name } of parseProvides(field)) {
      const before = provided.get(name)
      if (before === undefined) provided.set(name, [by])
      else if (before.at(-1) !== by) before.push(by)
    }
  }
  return provided
}

const offersOf = (found: IndexedPackage | null, name: string): Provider[] =>
  found === null
    ? []
    : parseProvides(found.provides)
        .filter(offer => offer.name === name)
        .slice(0, 1)
        .map(({ version }) => ({ package: found, version }))

/** Reads a stanza; what goes into addresses, commands and file names is checked here, once. */
const recordOf = (stanza: string, origin: Origin, what: string): IndexedPackage => {
  const fields = parseStanza(stanza, what)
  const value = (name: string) => fields.get(name) ?? ''
  const name = value('package')
  const wrong = WRONG.find(([field, isRight]) => !isRight(value(field)))
  if (wrong !== undefined)
    throw new BootstrapError(
      'index-malformed',
      `${what} has no usable ${wrong[0]} for ${JSON.stringify(name.slice(0, 60))}.`,
      ['Try another mirror with --mirror URL.'],
    )
  const filename = value('filename').replace(/^\.\//, '')
  return {
    name,
    version: value('version'),
    architecture: value('architecture'),
    filename,
    url: addressOf(origin.archive, filename),
    size: Number(value('size')),
    sha256: value('sha256').toLowerCase(),
    priority: value('priority'),
    section: value('section'),
    essential: value('essential') === 'yes',
    installedBytes: (Number(value('installed-size')) || 0) * 1024,
    origin,
    stanza,
    depends: value('depends'),
    preDepends: value('pre-depends'),
    provides: value('provides'),
    conflicts: value('conflicts'),
    breaks: value('breaks'),
  }
}

/** Returns where a file of an archive is. */
export const addressOf = (archive: string, filename: string): string =>
  `${archive}/${filename.split('/').map(encodeURIComponent).join('/')}`

/** Returns whether a text can be a package's place in an archive: relative, and not out of it. */
export const isFilename = (text: string): boolean =>
  text.length > 0 &&
  text.length < 1024 &&
  !/[\0-\x20\x7f\\?#]/.test(text) &&
  !text.startsWith('/') &&
  !text.split('/').includes('..')

/** A package can't be larger than 4 GB: dpkg's own archives can't hold it. */
const isSize = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= 0xff_ff_ff_ff

const WRONG: readonly (readonly [string, (text: string) => boolean])[] = [
  ['package', isPackageName],
  ['version', isVersion],
  ['architecture', text => /^[a-z0-9][a-z0-9-]{0,63}$/.test(text)],
  ['filename', isFilename],
  ['size', isSize],
  ['sha256', text => /^[0-9a-fA-F]{64}$/.test(text)],
]
