import { conffilePaths, statusStanza } from '../deb/dpkg-status.ts'
import type { PackageRecord } from '../types.ts'
import type { ControlPart, EntryHead } from './messages.ts'
import { refuse } from './refuse.ts'

/** A file of ours in the root filesystem. */
export interface OwnFile {
  /** Relative to the root; a folder's ends in a slash. */
  readonly path: string
  readonly mode: number
  readonly bytes: Uint8Array
  /** Its owner and group; root's when absent. */
  readonly owner?: number
  /** What a package brings at this path stays. A folder is made only where there is none anyway. */
  readonly replaceable?: true
}

/** dpkg's database as packages are unpacked; what it holds is what dpkg itself would have written, as unpacked. */
export interface Database {
  /** Takes a package's control files; returns its `info` files but the list. Throws `deb-malformed`. */
  readonly open: (record: PackageRecord, files: readonly ControlPart[]) => OpenPackage
  /** Returns the files that all packages share: `status`, triggers and the like. Called once all are closed. */
  readonly shared: () => OwnFile[]
}

/** A package whose data is being unpacked. */
export interface OpenPackage {
  readonly listed: (entry: EntryHead) => void
  /** Takes bytes of the entry that was listed last, which are not its own to keep. */
  readonly body?: (bytes: Uint8Array) => void
  /** Returns its `info` files. `md5` is of its conffiles by path, or of all its files where it has no `md5sums`. */
  readonly close: (md5: ReadonlyMap<string, string>) => OwnFile[]
}

const DPKG = 'var/lib/dpkg'
const NOTHING = new Uint8Array(0)

/** Returns a file of a package's control data as text; empty when it has none of the name. */
export const controlText = (files: readonly ControlPart[], name: string): string =>
  Buffer.from(files.find(file => file.name === name)?.bytes ?? NOTHING).toString()

/** What preinst scripts are run from, in debconf's eyes too: they are staged there as dpkg stages them. */
const STAGED = '.create-base-image/ci'

/** Returns an empty database. */
export const newDatabase = (): Database => {
  const stanzas: string[] = []
  const fileTriggers: string[] = []
  const namedTriggers = new Map<string, string[]>()
  const open: Database['open'] = (record, files) => {
    const text = (name: string): string => controlText(files, name)
    const control = text('control')
    checkIdentity(control, record)
    const prefix = infoName(control, record)
    const list = ['/.']
    for (const { path, owner } of interests(text('triggers'), prefix)) {
      if (path.startsWith('/')) fileTriggers.push(`${path} ${owner}\n`)
      else namedTriggers.set(path, [...(namedTriggers.get(path) ?? []), `${owner}\n`])
    }
    return {
      listed: ({ path }) => {
        if (path !== '') list.push(`/${path}`)
      },
      close: md5 => {
        const conffiles = conffilePaths(text('conffiles')).flatMap(path => {
          const sum = md5.get(path)
          return sum === undefined ? [] : { path, md5: sum }
        })
        stanzas.push(statusStanza(control, record, conffiles))
        const all = [...files, ...summed(files, md5)]
        return [...infoFiles(prefix, all, list), ...staged(record.name, files)]
      },
    }
  }
  const shared = (): OwnFile[] => [
    plain('info/format', '1\n'),
    plain('status', stanzas.join('')),
    plain('available', ''),
    plain('diversions', ''),
    plain('cmethopt', 'apt apt\n'),
    plain('lock', '', 0o640),
    plain('triggers/File', fileTriggers.join('')),
    plain('triggers/Unincorp', ''),
    plain('triggers/Lock', '', 0o600),
    ...[...namedTriggers].map(([name, lines]) => plain(`triggers/${name}`, lines.join(''))),
  ]
  return { open, shared }
}

const plain = (name: string, text: string, mode = 0o644): OwnFile => ({
  path: `${DPKG}/${name}`,
  mode,
  bytes: Buffer.from(text),
})

const fieldOf = (control: string, name: string): string =>
  new RegExp(`^${name}:[ \\t]*(.*)$`, 'im').exec(control)?.[1]?.trim() ?? ''

/** Throws `deb-malformed` when a package's control file is of another package than its index says. */
export const checkIdentity = (
  control: string,
  { name, version, architecture }: PackageRecord,
): void => {
  const found = ['Package', 'Version', 'Architecture'].map(field => fieldOf(control, field))
  if (found.join(' ') === [name, version, architecture].join(' ')) return
  const inside = found
    .join(' ')
    .replace(/[^\w.+:~ -]/g, '?')
    .slice(0, 100)
  throw refuse('deb-malformed', `${name} ${version}`, `inside it is ${inside}`)
}

// dpkg names the files of packages that may be there for several architectures by both.
const infoName = (control: string, { name, architecture }: PackageRecord): string =>
  fieldOf(control, 'Multi-Arch') === 'same' ? `${name}:${architecture}` : name

const infoFiles = (
  prefix: string,
  files: readonly ControlPart[],
  list: readonly string[],
): OwnFile[] => [
  {
    path: `${DPKG}/info/${prefix}.list`,
    mode: 0o644,
    bytes: Buffer.from(`${list.join('\n')}\n`, 'latin1'),
  },
  ...files
    .filter(({ name }) => name !== 'control' && name !== 'list')
    .map(({ name, mode, bytes }) => ({ path: `${DPKG}/info/${prefix}.${name}`, mode, bytes }))
    .sort((a, b) => (a.path < b.path ? -1 : 1)),
]

/** Returns what dpkg itself writes for a package that brings no sums: they are of all files but its conffiles. */
export const summed = (
  files: readonly ControlPart[],
  md5: ReadonlyMap<string, string>,
): readonly ControlPart[] => {
  if (files.some(({ name }) => name === 'md5sums')) return []
  const listed = files.find(({ name }) => name === 'conffiles')?.bytes ?? NOTHING
  const conffiles = conffilePaths(Buffer.from(listed).toString())
  const lines = [...md5].flatMap(([path, sum]) =>
    conffiles.includes(path) ? [] : `${sum}  ${path.slice(1)}\n`,
  )
  return [{ name: 'md5sums', mode: 0o644, bytes: Buffer.from(lines.join(''), 'latin1') }]
}

const staged = (name: string, files: readonly ControlPart[]): OwnFile[] =>
  files.some(file => file.name === 'preinst')
    ? files.map(file => ({
        path: `${STAGED}/${name}/${file.name}`,
        mode: file.mode,
        bytes: file.bytes,
      }))
    : []

// deb-triggers(5); what a package itself activates is in its info file.
const interests = (
  text: string,
  owner: string,
): { readonly path: string; readonly owner: string }[] =>
  text.split('\n').flatMap(line => {
    const found = /^\s*interest(-await|-noawait)?\s+(\S+)/.exec(line)
    if (found?.[2] === undefined || !/^[\x21-\x7e]+$/.test(found[2])) return []
    const path = found[2]
    if (!path.startsWith('/') && !/^[\w.+-]+$/.test(path)) return []
    return { path, owner: found[1] === '-noawait' ? `${owner}/noawait` : owner }
  })
