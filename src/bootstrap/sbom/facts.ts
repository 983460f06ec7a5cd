import { PassThrough } from 'node:stream'
import { tarEntries, type TarEntry } from '../../tar/read.ts'
import { drained } from '../../text/drained.ts'
import type { Chunks } from '../../tar/streams.ts'
import { parseStanza, splitStanzas } from '../deb/deb822.ts'
import { licencesIn } from './licences.ts'

/** A package as the finished root filesystem describes it. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** The source package, and its version where that is another one. */
  readonly source: string
  readonly sourceVersion: string
  readonly maintainer: string
  readonly homepage: string
  /** One line. */
  readonly summary: string
  /** Short names from its copyright file; none when that is not machine-readable. */
  readonly licences: readonly string[]
}

/** What a root filesystem says about itself. */
export interface RootFacts {
  readonly packages: readonly InstalledPackage[]
  /** `ID` and `VERSION_ID` of os-release; empty when absent. */
  readonly distribution: string
  readonly release: string
}

/** A root filesystem's tar that passes by, and what it told once it has passed whole. */
export interface Watched {
  readonly tar: AsyncGenerator<Uint8Array>
  /** Rejects when the tar is damaged or never came whole. */
  readonly facts: Promise<RootFacts>
}

/** Passes a root filesystem's tar on and reads in it meanwhile what its packages are and under which licences. */
export const watchPackages = (tar: Chunks): Watched => {
  const copy = new PassThrough({ highWaterMark: 1024 * 1024 })
  const facts = factsIn(copy)
  facts.catch(() => copy.destroy())
  const passing = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of tar) {
        if (!copy.destroyed && !copy.write(chunk)) await drained(copy)
        yield chunk
      }
      copy.end()
    } finally {
      if (!copy.writableEnded) copy.destroy(new Error('The tar is incomplete.'))
    }
  }
  return { tar: passing(), facts }
}

const STATUS = 'var/lib/dpkg/status'
/** Where there is no dpkg: a file for each package, as Google's distroless images have them. */
const EACH = /^var\/lib\/dpkg\/status\.d\/(?!.*\.md5sums$)[^/]+$/
const INSTALLED = 'install ok installed'
const RELEASE = 'usr/lib/os-release'
const COPYRIGHT = /^usr\/share\/doc\/([^/]+)(\/copyright)?$/

// A status of all of Debian would have 60 MB.
const MOST = { status: 100e6, other: 4e6 }

/** Returns what a root filesystem's tar says about its packages. Throws TarProblem. */
export const factsIn = async (tar: Chunks): Promise<RootFacts> => {
  let [status, release] = ['', '']
  const licences = new Map<string, string[]>()
  const links = new Map<string, string>()
  const each: string[] = []
  for await (const entry of tarEntries(tar)) {
    const path = entry.path.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '')
    if (path === STATUS) status = await textOf(entry, MOST.status)
    if (EACH.test(path)) each.push(`Status: ${INSTALLED}\n${await textOf(entry, MOST.other)}`)
    if (path === RELEASE || (path === 'etc/os-release' && release === ''))
      release = await textOf(entry, MOST.other)
    const [, owner] = COPYRIGHT.exec(path) ?? []
    if (owner === undefined) continue
    if (entry.kind === 'file') licences.set(owner, licencesIn(await textOf(entry, MOST.other)))
    else if (entry.linkPath !== '') links.set(owner, ownerIn(entry.linkPath))
  }
  const value = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, 'm').exec(release)?.[1] ?? ''
  const licencesOf = (name: string) =>
    licences.get(name) ?? licences.get(links.get(name) ?? '') ?? []
  return {
    packages: [...splitStanzas(status), ...each].flatMap(stanza => installedIn(stanza, licencesOf)),
    distribution: value('ID'),
    release: value('VERSION_ID'),
  }
}

const textOf = async (entry: TarEntry, most: number): Promise<string> => {
  if (entry.kind !== 'file' || entry.size > most) return ''
  const parts: Uint8Array[] = []
  for await (const chunk of entry.body) parts.push(Uint8Array.from(chunk))
  return Buffer.concat(parts).toString()
}

/** The documents that a link leads to: `gcc-12-base`, `../gcc-12-base/copyright`. */
const ownerIn = (link: string): string =>
  link
    .replace(/\/copyright$/, '')
    .split('/')
    .at(-1) ?? ''

const installedIn = (
  stanza: string,
  licencesOf: (name: string) => readonly string[],
): InstalledPackage[] => {
  const fields = parseStanza(stanza, STATUS)
  const value = (name: string) => fields.get(name) ?? ''
  if (!value('status').endsWith(' installed')) return []
  const [name, version] = [value('package'), value('version')]
  const [, source = name, sourceVersion = version] =
    /^(\S+)(?: \(([^)]+)\))?$/.exec(value('source')) ?? []
  return [
    {
      name,
      version,
      architecture: value('architecture'),
      source,
      sourceVersion,
      maintainer: value('maintainer'),
      homepage: value('homepage'),
      summary: value('description').split('\n')[0] ?? '',
      licences: licencesOf(name),
    },
  ]
}
