import { BootstrapError } from '../errors.ts'
import type { SuiteRole } from '../types.ts'
import { parseStanza, splitStanzas, type Fields } from './deb822.ts'

/** A stanza of a file of sources, as apt reads it: see sources.list(5). */
export interface SourcesStanza {
  /** May hold user and password. */
  readonly archives: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** Files of keys, or a key itself; null where the distribution's keys are meant. */
  readonly signedBy: { readonly files: readonly string[] } | { readonly key: string } | null
}

/**
 * Returns the stanzas of packages in a file of sources (deb822). Throws `sources-malformed` for what is no such file, and
 * for what would weaken a check.
 */
export const readSources = (text: string, file: string): SourcesStanza[] => {
  if (/^\s*deb(-src)?\s/m.test(text))
    throw refuse(file, 'it has lines in the old form (deb http://…)', [
      'Write stanzas, with Types, URIs, Suites, Components and Signed-By, as in debian.sources; apt modernize-sources does it.',
    ])
  const stanzas = splitStanzas(text)
    .map(stanza => parseStanza(stanza, file))
    .filter(fields => fields.size > 0 && isWanted(fields))
    .map(fields => stanzaOf(fields, file))
  if (stanzas.length === 0) throw refuse(file, 'no stanza of it has Types: deb')
  return stanzas
}

/** Returns the role that a suite has for a release. */
export const roleIn = (suite: string, codename: string): SuiteRole => {
  if (suite === `${codename}-updates`) return 'updates'
  return suite.startsWith(codename) && suite.includes('security') ? 'security' : 'release'
}

/**
 * Returns a file of sources without the users and passwords in its addresses; a comment at its head names the addresses
 * that had any, so that whoever reads it later knows what they may ask for.
 */
export const withoutLogins = (text: string): string => {
  const had = [...text.matchAll(ADDRESS)].map(([address]) => address.replace(LOGIN, '$1'))
  const named = [...new Set([...loginsLeftOut(text), ...had])]
  const plain = text.replace(LEFT_OUT, '').replaceAll(LOGIN, '$1')
  return named.length === 0 ? plain : `${HEAD}${named.join(' ')}\n${plain}`
}

/** Returns the addresses whose users and passwords a file of sources is without, and is said to be. */
export const loginsLeftOut = (text: string): string[] => {
  const named = LEFT_OUT.exec(text)?.[1]?.split(' ') ?? []
  const words = new Set(text.replace(LEFT_OUT, '').split(/\s+/))
  return named.filter(address => words.has(address))
}

const LOGIN = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi
const ADDRESS = new RegExp(`${LOGIN.source}\\S*`, 'gi')
const HEAD = '# create-base-image left out the user and the password of '
const LEFT_OUT = new RegExp(`^${HEAD}(.*)\\r?\\n`, 'm')

const isWanted = (fields: Fields): boolean =>
  wordsIn(fields, 'types').includes('deb') &&
  !/^(?:no|false|off|0)$/i.test(fields.get('enabled') ?? '')

const stanzaOf = (fields: Fields, file: string): SourcesStanza => {
  const weak = WEAKENING.find(name => /^(?:yes|true|on|1)$/i.test(fields.get(name) ?? ''))
  if (weak !== undefined)
    throw refuse(file, `it says ${weak}: yes, and signatures are always checked here`)
  const [archives, suites, components] = ['uris', 'suites', 'components'].map(name =>
    wordsIn(fields, name),
  ) as [string[], string[], string[]]
  const lacking = [archives, suites, components].findIndex(list => list.length === 0)
  if (suites.some(suite => suite.endsWith('/')))
    throw refuse(file, 'it has a suite that is a folder (Suites: /), whose form is not read here')
  if (lacking >= 0)
    throw refuse(file, `a stanza of it has no ${['URIs', 'Suites', 'Components'][lacking]}`)
  if (!archives.every(archive => /^https?:\/\//.test(archive)))
    throw refuse(file, 'an address in it is neither http:// nor https://')
  return { archives, suites, components, signedBy: signedByOf(fields, file) }
}

const WEAKENING = ['trusted', 'allow-insecure', 'allow-weak', 'allow-downgrade-to-insecure']

const signedByOf = (fields: Fields, file: string): SourcesStanza['signedBy'] => {
  const text = fields.get('signed-by') ?? ''
  // Its lines are folded: a space before each, and a dot for an empty one.
  if (text.includes('-----BEGIN PGP'))
    return { key: text.replaceAll(/^ (?:\.$)?/gm, '').trimStart() }
  const files = text.split(/[\s,]+/).filter(word => word !== '')
  if (!files.every(name => name.startsWith('/')))
    throw refuse(file, 'a Signed-By in it is neither the path of a file from the root nor a key', [
      'Fingerprints alone say nothing without the keys: name the file that holds them.',
    ])
  return files.length === 0 ? null : { files }
}

const wordsIn = (fields: Fields, name: string): string[] =>
  (fields.get(name) ?? '').split(/\s+/).filter(word => word !== '')

const refuse = (file: string, why: string, todo: readonly string[] = []): BootstrapError =>
  new BootstrapError('sources-malformed', `${file} can't be used as sources: ${why}.`, todo)
