import { basename } from 'node:path'
import { ownCopy, type OwnFile } from '../../bootstrap/deb/own-files.ts'
import {
  readSources,
  roleIn,
  withoutLogins,
  type SourcesStanza,
} from '../../bootstrap/deb/sources-file.ts'
import type { ArchiveKey, SuiteSource } from '../../bootstrap/types.ts'
import { UsageError } from '../../errors.ts'
import { readBytes, UnfitFile } from '../../text/read-text.ts'

/** A person's own sources. */
export interface OwnSources {
  /** In the order of the file, each with the keys that it names. */
  readonly suites: readonly SuiteSource[]
  /** The file without logins and the keys that it names, for the image. */
  readonly files: readonly OwnFile[]
}

/**
 * Reads a file of sources and the keys that it names; `file` is absolute. The keys of the distribution's own packages are
 * in the image anyway. Throws UsageError and BootstrapError.
 */
export const ownSources = (file: string, codename: string): OwnSources => {
  const text = bytesOf(file).toString('utf8')
  const stanzas = readSources(text, file)
  const suites = stanzas.flatMap(stanza => suitesOf(stanza, file, codename))
  if (!suites.some(({ suite }) => suite === codename))
    throw new UsageError(`${file} has no suite ${codename}, of which the base system comes.`, [
      `Name the release that it is for, or add a stanza with Suites: ${codename}`,
    ])
  const named = stanzas.flatMap(({ signedBy }) =>
    signedBy !== null && 'files' in signedBy ? signedBy.files : [],
  )
  const keys = [...new Set(named)].filter(name => !IN_IMAGE.test(name))
  const name = basename(file).replace(/(?:\.sources)?$/, '.sources')
  return {
    suites,
    files: [
      ownCopy(`etc/apt/sources.list.d/${name}`, Buffer.from(withoutLogins(text)), 0o644),
      ...keys.map(key => ownCopy(key.slice(1), bytesOf(key), 0o644)),
    ],
  }
}

/** Files of the packages debian-archive-keyring and ubuntu-keyring. */
const IN_IMAGE = /^\/usr\/share\/keyrings\/(?:debian|ubuntu)-archive-[\w.-]+$/

const suitesOf = (
  { archives, suites, components, signedBy }: SourcesStanza,
  file: string,
  codename: string,
): SuiteSource[] => {
  const keys = keysOf(signedBy, file)
  return archives.flatMap(archive =>
    suites.map(suite => ({
      archive: archive.replace(/\/+$/, ''),
      suite,
      components,
      role: roleIn(suite, codename),
      optional: false,
      ...(keys !== null && { keys }),
    })),
  )
}

const keysOf = (signedBy: SourcesStanza['signedBy'], file: string): ArchiveKey[] | null => {
  if (signedBy === null) return null
  if ('key' in signedBy) return [{ file, certificate: Buffer.from(signedBy.key) }]
  return signedBy.files.map(name => ({ file: name, certificate: bytesOf(name) }))
}

const bytesOf = (file: string): Buffer => {
  try {
    const bytes = readBytes(file, { most: 8_000_000, links: true })
    if (bytes !== null) return bytes
  } catch (error) {
    throw new UsageError(
      `--sources: ${file} ${error instanceof UnfitFile ? error.why : `can't be read`}.`,
    )
  }
  throw new UsageError(`--sources: there is no file ${file}.`)
}
