import type { PackageRecord } from '../types.ts'

/** A configuration file as a package ships it. */
export interface Conffile {
  /** Absolute: `/etc/bash.bashrc`. */
  readonly path: string
  /** Of the file in the package, in hex. */
  readonly md5: string
}

/**
 * Returns a package's stanza for dpkg's status, ended by an empty line: the control file inside the .deb with the
 * archive's own Priority and Section, as dpkg has them from `available`. Fields come in dpkg's order (lib/dpkg/parse.c),
 * others after them, so that dpkg writes them again as they are.
 */
export const statusStanza = (
  control: string,
  { priority, section }: Pick<PackageRecord, 'priority' | 'section'>,
  conffiles: readonly Conffile[],
  state: 'unpacked' | 'installed' = 'unpacked',
): string => {
  const fields = new Map(fieldsOf(control).map(field => [nameOf(field), field]))
  fields.set('status', `Status: install ok ${state}`)
  if (priority !== '') fields.set('priority', `Priority: ${priority}`)
  if (section !== '') fields.set('section', `Section: ${section}`)
  if (conffiles.length > 0)
    fields.set('conffiles', `Conffiles:\n${conffiles.map(lineOf).join('\n')}`)
  const ordered = ORDER.flatMap(name => fields.get(name) ?? [])
  const others = [...fields].flatMap(([name, field]) => (ORDER.includes(name) ? [] : field))
  return `${[...ordered, ...others].join('\n')}\n\n`
}

/**
 * Returns the paths in a package's `conffiles` file. Lines that only say what an upgrade removes are not files of the
 * package.
 */
export const conffilePaths = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^remove-on-upgrade\s/.test(line))

const ORDER: readonly string[] = (
  'package essential protected status priority section installed-size origin maintainer bugs architecture multi-arch ' +
  'source version config-version replaces provides depends pre-depends recommends suggests breaks conflicts enhances ' +
  'conffiles description'
).split(' ')

const lineOf = ({ path, md5 }: Conffile): string => ` ${path} ${md5}`

/** The fields with their folded lines, as they stand. */
const fieldsOf = (control: string): string[] =>
  control
    .replaceAll('\r\n', '\n')
    .split(/\n(?![ \t])/)
    .map(field => field.trimEnd())
    .filter(field => field.includes(':') && !field.startsWith('#'))

const nameOf = (field: string): string => field.slice(0, field.indexOf(':')).toLowerCase()
