import { BootstrapError } from '../errors.ts'
import { parseDependencies } from './dependency.ts'
import type { Dependency } from './dependency.ts'
import type { SmallFile } from './files.ts'

/** What a package's .PKGINFO says beyond the index. */
export interface PackageInfo {
  readonly name: string
  readonly version: string
  /** sha256 of the data part as stored. */
  readonly dataHash: Buffer
  /** Packages whose files it may replace. */
  readonly replaces: readonly Dependency[]
  /** Who wins when packages replace each other: the higher; 0 when it says nothing. */
  readonly replacesPriority: number
  /** Folders whose changes start its trigger, patterns included: `/usr/share/icons/*`. */
  readonly triggers: readonly string[]
}

/** The scripts that apk knows, in the order in which its database keeps them. */
export const SCRIPTS = [
  'pre-install',
  'post-install',
  'pre-deinstall',
  'post-deinstall',
  'pre-upgrade',
  'post-upgrade',
  'trigger',
] as const

export interface Script {
  readonly kind: (typeof SCRIPTS)[number]
  readonly bytes: Buffer
}

/** Returns what the files of a control part say. Throws BootstrapError `apk-malformed`. */
export const readInfo = async (
  files: readonly SmallFile[],
  name: string,
): Promise<{ readonly info: PackageInfo; readonly scripts: readonly Script[] }> => {
  const file = files.find(each => each.path === '.PKGINFO')
  if (file === undefined) throw malformed(name, 'it has no .PKGINFO')
  const lines = linesOf(file.bytes.toString())
  const last = (key: string): string => lines.findLast(([found]) => found === key)?.[1] ?? ''
  const all = (key: string): string =>
    lines
      .filter(([found]) => found === key)
      .map(([, value]) => value)
      .join(' ')
  const dataHash = Buffer.from(last('datahash'), 'hex')
  if (dataHash.length !== 32) throw malformed(name, 'it does not name the checksum of its files')
  const info: PackageInfo = {
    name: last('pkgname'),
    version: last('pkgver'),
    dataHash,
    replaces: dependencies(all('replaces'), name),
    replacesPriority: Number(/^\d{1,9}$/.exec(last('replaces_priority'))?.[0] ?? 0),
    triggers: last('triggers')
      .split(' ')
      .filter(word => word !== ''),
  }
  return { info, scripts: scriptsOf(files) }
}

const linesOf = (text: string): (readonly [string, string])[] =>
  text
    .split('\n')
    .filter(line => !line.startsWith('#') && line.includes(' = '))
    .map(line => {
      const at = line.indexOf(' = ')
      return [line.slice(0, at), line.slice(at + 3)] as const
    })

const dependencies = (text: string, name: string): Dependency[] => {
  try {
    return parseDependencies(text)
  } catch (error) {
    throw malformed(name, (error as Error).message)
  }
}

const scriptsOf = (files: readonly SmallFile[]): Script[] =>
  SCRIPTS.flatMap(kind => {
    const found = files.findLast(file => file.path === `.${kind}`)
    return found === undefined ? [] : [{ kind, bytes: found.bytes }]
  })

const malformed = (name: string, why: string): BootstrapError =>
  new BootstrapError('apk-malformed', `The package ${name} can’t be used: ${why}.`, [
    'Give another --mirror, or make the image in a container: --engine docker.',
  ])
