import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { ownCopy, type OwnFile } from '../../bootstrap/deb/own-files.ts'
import {
  loginsLeftOut,
  readSources,
  roleIn,
  withoutLogins,
  type SourcesStanza,
} from '../../bootstrap/deb/sources-file.ts'
import type { ArchiveKey, SuiteSource } from '../../bootstrap/types.ts'
import { sourcesName } from '../../plan/names.ts'
import { UsageError } from '../../errors.ts'
import { readBytes, UnfitFile } from '../../text/read-text.ts'

/** A person's own sources. */
export interface OwnSources {
  /** In the order of the file, each with the keys that it names. */
  readonly suites: readonly SuiteSource[]
  /** The file without logins and the keys that it names, for the image. */
  readonly files: readonly OwnFile[]
  /** The same for a folder from which it can be read again: the file by its name, each key below it by its path. */
  readonly copies: readonly { readonly path: string; readonly bytes: Buffer }[]
  /** Whether all suites have different names, by which a lock tells them apart. */
  readonly isLockable: boolean
}

/**
 * Reads a file of sources and the keys that it names; `file` is absolute. A key is looked for in the file's own folder
 * first, by its whole path below it. The keys of the distribution's own packages are in the image anyway, and where this
 * machine lacks them ours are taken. Throws UsageError and BootstrapError.
 */
export const ownSources = (file: string, codename: string): OwnSources => {
  const text = bytesOf(file).toString('utf8')
  const stanzas = readSources(text, file)
  const suites = stanzas.flatMap(stanza => suitesOf(stanza, file, codename))
  if (!suites.some(({ suite }) => suite === codename))
    throw new UsageError(`${file} has no suite ${codename}, which the base system comes from.`, [
      `Name the release that it is for, or add a stanza with Suites: ${codename}`,
    ])
  const named = stanzas.flatMap(({ signedBy }) =>
    signedBy !== null && 'files' in signedBy ? signedBy.files : [],
  )
  const keys = [...new Set(named)]
    .filter(name => !isOurs(name, file))
    .map(name => ({ path: name.slice(1), bytes: bytesOf(placeOf(name, file)) }))
  const name = sourcesName(file)
  const own = { path: name, bytes: Buffer.from(withoutLogins(text)) }
  return {
    suites,
    files: [
      ownCopy(`etc/apt/sources.list.d/${name}`, own.bytes, 0o644),
      ...keys
        .filter(({ path }) => !IN_IMAGE.test(`/${path}`))
        .map(({ path, bytes }) => ownCopy(path, bytes, 0o644)),
    ],
    copies: [own, ...keys],
    isLockable: new Set(suites.map(({ suite }) => suite)).size === suites.length,
  }
}

/**
 * Returns what a person must know before anything is fetched by a file of sources that a folder keeps: which users and
 * passwords it is without. Null when it is without none, or can't be read, which is reported when it is used.
 */
export const loginsNotice = (file: string, shown: string): string | null => {
  const addresses = loginsLeftOut(textIn(file))
  return addresses.length === 0
    ? null
    : `${shown} is without the user and the password of ${addresses.join(', ')}, because a folder stores neither: where they are required, nothing can be fetched.`
}

const textIn = (file: string): string => {
  try {
    return bytesOf(file).toString('utf8')
  } catch {
    return ''
  }
}

const placeOf = (name: string, file: string): string => {
  const beside = join(dirname(file), name)
  return existsSync(beside) ? beside : name
}

const isOurs = (name: string, file: string): boolean =>
  IN_IMAGE.test(name) && !existsSync(placeOf(name, file))

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
  const keys = signedBy.files
    .filter(name => !isOurs(name, file))
    .map(name => ({ file: name, certificate: bytesOf(placeOf(name, file)) }))
  return keys.length === 0 ? null : keys
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
