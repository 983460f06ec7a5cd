import { beginsWith, compareVersions, isVersion } from './version.ts'

/** What a package asks of a name: `name`, `name>=1.2`, `name~1.2`, `name><Q1…`, `!name`. */
export interface Dependency {
  readonly name: string
  /** `!`: no package that is meant may be there. */
  readonly conflict: boolean
  /** Null asks for the name alone. */
  readonly version: VersionTest | null
  /** As apk writes it, without a repository's tag. */
  readonly text: string
}

interface VersionTest {
  readonly less: boolean
  readonly equal: boolean
  readonly greater: boolean
  readonly fuzzy: boolean
  readonly version: string
}

/** A name that a package provides; one without a version is virtual: several packages may provide it at once. */
export interface Provision {
  readonly name: string
  readonly version: string | null
}

/** Returns the dependencies in a line of an index, or of a world file. */
export const parseDependencies = (line: string): Dependency[] =>
  words(line).map(word => parseDependency(word))

/** Returns one dependency. @throws Error when its version is not valid. */
export const parseDependency = (word: string): Dependency => {
  const conflict = word.startsWith('!')
  const found = /^([^<>=~]+)(?:([<>=~]+)(.+))?$/.exec(conflict ? word.slice(1) : word)
  const tagged = found?.[1] ?? ''
  const name = tagged.split('@')[0] ?? ''
  if (found === null || name === '') throw new Error(`"${word}" is not a dependency`)
  const mark = found[2] ?? ''
  const version = mark === '' ? null : versionTest(mark, found[3] ?? '', word)
  // apk itself writes `~` for `~=` and `=~`.
  const short = mark === '~=' || mark === '=~' ? '~' : mark
  const text = `${conflict ? '!' : ''}${name}${short}${found[3] ?? ''}`
  return { name, conflict, version, text }
}

/** Returns the names in a `provides` line of an index. */
export const parseProvisions = (line: string): Provision[] =>
  words(line).map(word => {
    const at = word.indexOf('=')
    return at === -1
      ? { name: word, version: null }
      : { name: word.slice(0, at), version: word.slice(at + 1) }
  })

/** Returns whether a name provided in a version is what a dependency asks for, or for a conflict what it allows. */
export const fits = (dependency: Dependency, provision: Provision): boolean =>
  meant(dependency, provision) !== dependency.conflict

const meant = ({ version: test }: Dependency, { version }: Provision): boolean => {
  if (test === null) return true
  if (version === null) return false
  if (test.fuzzy && beginsWith(version, test.version)) return true
  const order = compareVersions(version, test.version)
  if (order === 0) return test.equal
  return order < 0 ? test.less : test.greater
}

const versionTest = (mark: string, version: string, word: string): VersionTest => {
  // `name><Q1…` names one package by its checksum; only apk itself writes it, for local packages.
  if (!isVersion(version)) throw new Error(`"${word}" is not a dependency`)
  const fuzzy = mark.includes('~')
  return {
    less: mark.includes('<'),
    equal: mark.includes('=') || fuzzy,
    greater: mark.includes('>'),
    fuzzy,
    version,
  }
}

const words = (line: string): string[] => line.split(/\s+/).filter(word => word !== '')
