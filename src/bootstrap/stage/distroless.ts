import type { ControlPart, EntryHead } from './messages.ts'
import { checkIdentity, controlText, summed, type Database, type OwnFile } from './database.ts'
import type { StageForm } from './stage-tar.ts'

/** What a root filesystem without a package manager is made by, besides its packages. */
export interface DistrolessInput {
  /** A person's own files. */
  readonly files: readonly OwnFile[]
  /** Called with the name of each package that has a postinst, which never runs. */
  readonly onUnrun?: (name: string) => void
}

/**
 * Returns the form of a root filesystem in which nothing runs: packages' files without documents, what vulnerability
 * scanners read of them (https://github.com/GoogleContainerTools/distroless/blob/main/PACKAGE_METADATA.md), and the few
 * files that the packages' scripts would have made: the bundle of certificates, users, /tmp.
 */
export const distrolessForm = ({ files, onUnrun }: DistrolessInput): StageForm => {
  const certificates = new Map<string, Uint8Array[]>()
  let certificate: Uint8Array[] | null = null
  const open: Database['open'] = (record, control) => {
    const text = controlText(control, 'control')
    checkIdentity(text, record)
    if (control.some(({ name }) => name === 'postinst')) onUnrun?.(record.name)
    return {
      listed: ({ path, kind }) => {
        certificate = kind === 'file' && CERTIFICATE.test(path) ? [] : null
        if (certificate !== null) certificates.set(path, certificate)
      },
      // The memory of a piece is given back to the thread that unpacks.
      body: bytes => void certificate?.push(Uint8Array.from(bytes)),
      close: md5 => metadata(record.name, text, [...control, ...summed(control, md5)]),
    }
  }
  const shared = (): OwnFile[] => [...bundle(certificates), ...ACCOUNTS, ...files]
  return { database: { open, shared }, keeps }
}

const STATUS = 'var/lib/dpkg/status.d'

/** The control file as the package has it, as `dpkg-deb --field` prints it. */
const metadata = (name: string, control: string, files: readonly ControlPart[]): OwnFile[] => [
  plain(`${STATUS}/${name}`, control),
  {
    path: `${STATUS}/${name}.md5sums`,
    mode: 0o644,
    bytes: files.find(file => file.name === 'md5sums')!.bytes,
  },
]

const plain = (path: string, text: string): OwnFile => ({
  path,
  mode: 0o644,
  bytes: Buffer.from(text),
})

/** Where ca-certificates keeps them, each as PEM; update-ca-certificates(8) makes one file of them. */
const CERTIFICATE = /^usr\/(?:local\/)?share\/ca-certificates\/.+\.crt$/

const bundle = (found: ReadonlyMap<string, readonly Uint8Array[]>): OwnFile[] => {
  if (found.size === 0) return []
  const texts = [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, pieces]) => Buffer.concat(pieces).toString('latin1').replace(/\n*$/, '\n'))
  return [
    {
      path: 'etc/ssl/certs/ca-certificates.crt',
      mode: 0o644,
      bytes: Buffer.from(texts.join(''), 'latin1'),
      replaceable: true,
    },
  ]
}

const NONROOT = 65_532
const NOBODY = 65_534

const given = (path: string, text: string): OwnFile => ({ ...plain(path, text), replaceable: true })

const folder = (path: string, mode: number, owner = 0): OwnFile => ({
  path,
  mode,
  bytes: Buffer.alloc(0),
  owner,
})

/** None of them can log in; passwd(5), group(5), nsswitch.conf(5). */
const ACCOUNTS: readonly OwnFile[] = [
  given(
    'etc/passwd',
    'root:x:0:0:root:/root:/sbin/nologin\n' +
      `nobody:x:${NOBODY}:${NOBODY}:nobody:/nonexistent:/sbin/nologin\n` +
      `nonroot:x:${NONROOT}:${NONROOT}:nonroot:/home/nonroot:/sbin/nologin\n`,
  ),
  given('etc/group', `root:x:0:\nnobody:x:${NOBODY}:\nnonroot:x:${NONROOT}:\n`),
  given(
    'etc/nsswitch.conf',
    'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
  ),
  folder('root/', 0o700),
  folder('home/nonroot/', 0o700, NONROOT),
  folder('tmp/', 0o1777),
  folder('var/tmp/', 0o1777),
]

/** Licences stay, and links to the folders of those of another package; folders are made as their files need them. */
const keeps = ({ path, kind }: Pick<EntryHead, 'path' | 'kind'>): boolean => {
  const [, place = '', rest = ''] = DOCUMENT.exec(path) ?? []
  if (place === '') return true
  if (place === 'doc')
    return /^[^/]+\/copyright$/.test(rest) || (kind === 'symlink' && !rest.includes('/'))
  return place === 'locale' && rest === 'locale.alias'
}

const DOCUMENT = /^usr\/share\/(doc|man|info|lintian|locale)(?:\/(.*))?$/
