import { parseDependencies, parseProvisions } from './dependency.ts'
import type { Dependency, Provision } from './dependency.ts'
import type { ApkPackage } from './types.ts'
import { isVersion } from './version.ts'

/**
 * Returns the packages of an index's text. A record that can't be read, or asks for an apk newer than this, is left
 * out: apk does not install it either.
 */
export const packagesIn = (text: string, repository: number): ApkPackage[] => {
  const packages: ApkPackage[] = []
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n\n', at)
    const record = text.slice(at, end === -1 ? text.length : end)
    const found = packageOf(record, repository)
    if (found !== null) packages.push(found)
    at = end === -1 ? text.length : end + 2
  }
  return packages
}

type Fields = Readonly<Partial<Record<string, string>>>

const packageOf = (record: string, repository: number): ApkPackage | null => {
  const fields: Record<string, string> = {}
  for (const line of record.split('\n')) {
    if (line[1] === ':') fields[line[0] ?? ''] = line.slice(2)
    if (isForNewerApk(line)) return null
  }
  try {
    return new IndexPackage(fields, repository)
  } catch {
    return null
  }
}

// Apk's own letters; a capital that it does not know means that it can't install the package.
const isForNewerApk = (line: string): boolean => /^[BEGHJKNOQW-Y]:/.test(line)

/** Most of an index is never looked at, so that only what finds a package is read at once. */
class IndexPackage implements ApkPackage {
  readonly name: string
  readonly version: string
  readonly size: number
  readonly installedSize: number
  readonly priority: number
  readonly repository: number
  readonly #fields: Fields
  #depends: readonly Dependency[] | null = null
  #provides: readonly Provision[] | null = null
  #installIf: readonly Dependency[] | null = null

  constructor(fields: Fields, repository: number) {
    this.name = fields['P'] ?? ''
    this.version = fields['V'] ?? ''
    if (!isName(this.name) || !isVersion(this.version)) throw new Error('it has no proper name')
    this.size = natural(fields['S'])
    this.installedSize = natural(fields['I'])
    this.priority = natural(fields['k'] ?? '0')
    this.repository = repository
    this.#fields = fields
    if (this.identity.length !== 20) throw new Error('it has no checksum of a known kind')
    natural(fields['t'] ?? '0')
  }

  get identity(): Buffer {
    const text = this.#text('C')
    return text.startsWith('Q1') ? Buffer.from(text.slice(2), 'base64') : Buffer.alloc(0)
  }

  get depends(): readonly Dependency[] {
    this.#depends ??= dependenciesOf(this.#text('D'))
    return this.#depends
  }

  get provides(): readonly Provision[] {
    this.#provides ??= parseProvisions(this.#text('p'))
    return this.#provides
  }

  get installIf(): readonly Dependency[] {
    this.#installIf ??= dependenciesOf(this.#text('i'))
    return this.#installIf
  }

  get architecture(): string {
    return this.#text('A')
  }

  get description(): string {
    return this.#text('T')
  }

  get url(): string {
    return this.#text('U')
  }

  get license(): string {
    return this.#text('L')
  }

  get origin(): string {
    return this.#text('o')
  }

  get maintainer(): string {
    return this.#text('m')
  }

  get built(): number {
    return natural(this.#fields['t'] ?? '0')
  }

  get commit(): string {
    return this.#text('c')
  }

  #text(key: string): string {
    return this.#fields[key] ?? ''
  }
}

// What can't be read can't be met, and so says who asks for it.
const dependenciesOf = (text: string): Dependency[] => {
  try {
    return parseDependencies(text)
  } catch {
    return [{ name: text, conflict: false, version: null, text }]
  }
}

// It becomes part of a path and of an address.
const isName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.+@-]*$/.test(name)

const natural = (text = ''): number => {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw new Error(`"${text}" is not a number`)
  return value
}
