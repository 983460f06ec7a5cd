import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveFrom, machineArchive } from '../../src/engine/apt-sources.ts'
import { readSources } from '../../src/engine/apt-lines.ts'

const BOOKWORM = 'PRETTY_NAME="Debian"\nVERSION_CODENAME=bookworm\nID=debian\n'
const NOBLE = 'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME="noble"\n'
const LIST = '/etc/apt/sources.list'
const D = '/etc/apt/sources.list.d'

const of = (release: string, files: Readonly<Record<string, string>>, arch = 'amd64') =>
  archiveFrom(
    release,
    Object.entries(files).map(([path, text]) => ({ path, text })),
    arch,
  )

const DEBIAN_SOURCES = `# See the wiki
Types: deb deb-src
# URIs: http://old.mirror.example/debian
URIs: https://mirror.example/debian/
  http://second.mirror.example/debian
Suites: bookworm
# between
 bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
uris: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`

test("Debian's own deb822 file gives its archive and its security updates", () => {
  expect(of(BOOKWORM, { [`${D}/debian.sources`]: DEBIAN_SOURCES })).toEqual({
    distro: 'debian',
    archive: 'https://mirror.example/debian',
    security: 'http://mirror.example/debian-security',
    secret: false,
  })
})

test('one-line lists with options and comments', () => {
  const text = `# deb http://no.mirror.example/ubuntu noble main
deb cdrom:[Ubuntu 24.04]/ noble main
deb [arch=arm64] http://ports.mirror.example/ubuntu-ports noble main
deb-src http://src.mirror.example/ubuntu noble main
deb [ arch=amd64,i386 signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg ] http://mirror.example/ubuntu noble main universe # ours
deb http://mirror.example/ubuntu noble-updates main
deb http://sec.mirror.example/ubuntu noble-security main
`
  expect(of(NOBLE, { [LIST]: text })).toMatchObject({
    distro: 'ubuntu',
    archive: 'http://mirror.example/ubuntu',
    security: 'http://sec.mirror.example/ubuntu',
  })
  expect(of(NOBLE, { [LIST]: text }, 'arm64')).toMatchObject({
    archive: 'http://ports.mirror.example/ubuntu-ports',
  })
})

test('what is switched off does not count', () => {
  for (const no of ['no', 'No', 'false', '0', 'off']) {
    const text = DEBIAN_SOURCES.replaceAll(/^Types: .*$/gm, `Types: deb\nEnabled: ${no}`)
    expect(of(BOOKWORM, { [`${D}/debian.sources`]: text })).toBeNull()
  }
  expect(of(BOOKWORM, { [`${D}/debian.sources.disabled`]: DEBIAN_SOURCES })).toBeNull()
  expect(of(BOOKWORM, { [`${D}/debian.sources~`]: DEBIAN_SOURCES })).toBeNull()
  const source = DEBIAN_SOURCES.replaceAll(/^Types: .*$/gm, 'Types: deb-src')
  expect(of(BOOKWORM, { [`${D}/debian.sources`]: source })).toBeNull()
})

const OTHERS = {
  docker:
    'deb [signed-by=/etc/apt/keyrings/docker.asc] https://docker.example/linux/debian bookworm stable',
  unsigned: 'deb https://docker.example/linux/debian bookworm stable',
  vendor: 'deb https://vendor.example/apt bookworm main',
  signed: 'deb [signed-by=/etc/apt/keyrings/x.gpg] https://x.example/debian bookworm main',
  postgres: 'deb https://pg.example/pub/repos/apt bookworm-pgdg main',
  security: 'deb http://mirror.example/debian bookworm-security main',
  backports: 'deb http://mirror.example/debian bookworm-backports main',
  flat: 'deb http://mirror.example/debian ./',
  list: 'deb mirror+http://mirror.example/debian bookworm main',
  local: 'deb file:/srv/debian bookworm main',
  cdrom: 'deb cdrom:[Debian]/debian bookworm main',
}

test.each(Object.entries(OTHERS))('%s alone is not the main archive', (name, line) => {
  expect(of(BOOKWORM, { [`${D}/${name}.list`]: line })).toBeNull()
})

test("a PPA is not, and a key written in the file is not the archive's", () => {
  const ppa = 'deb http://ppa.launchpadcontent.net/some/one/ubuntu noble main'
  expect(of(NOBLE, { [`${D}/some-one.list`]: ppa })).toBeNull()
  const inline =
    'Types: deb\nURIs: http://x.example/ubuntu\nSuites: noble\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n'
  expect(of(NOBLE, { [`${D}/x.sources`]: inline })).toBeNull()
})

test('the archive wins over all others, wherever they stand', () => {
  const others = Object.values(OTHERS).join('\n')
  const ours =
    'deb http://corp.mirror.example/deb bookworm main\ndeb http://corp.mirror.example/deb bookworm-updates main'
  expect(of(BOOKWORM, { [`${D}/a.list`]: others, [`${D}/z.list`]: ours })).toMatchObject({
    archive: 'http://corp.mirror.example/deb',
  })
  const stable = 'deb http://mirror.example/debian stable main'
  expect(of(BOOKWORM, { [`${D}/a.list`]: others, [LIST]: stable })).toMatchObject({
    archive: 'http://mirror.example/debian',
    security: 'http://mirror.example/debian',
  })
})

test('of two that are alike the one in the main list counts', () => {
  const line = (host: string) => `deb http://${host}.example/debian bookworm main`
  expect(of(BOOKWORM, { [`${D}/a.list`]: line('a'), [LIST]: line('b') })).toMatchObject({
    archive: 'http://b.example/debian',
  })
  // What only ends like the archive of the distribution is not more than another.
  const mine = 'deb http://c.example/mydebian bookworm main'
  const both = { [`${D}/a.list`]: mine, [`${D}/b.list`]: line('d') }
  expect(of(BOOKWORM, both)).toMatchObject({ archive: 'http://d.example/debian' })
})

test('a password stays in the URL, and is told', () => {
  const line = 'deb https://me:word@mirror.example/debian bookworm main'
  expect(of(BOOKWORM, { [LIST]: line })).toEqual({
    distro: 'debian',
    archive: 'https://me:word@mirror.example/debian',
    security: null,
    secret: true,
  })
})

test('another distribution has no archive of ours', () => {
  const mint = 'ID=linuxmint\nID_LIKE="ubuntu debian"\nUBUNTU_CODENAME=noble\n'
  expect(of(mint, { [LIST]: 'deb http://mirror.example/ubuntu noble main' })).toBeNull()
  expect(of('', { [LIST]: 'deb http://mirror.example/debian bookworm main' })).toBeNull()
})

test('each URL of a stanza is a source; paragraphs are parted by blank lines', () => {
  const sources = readSources(`${D}/debian.sources`, DEBIAN_SOURCES)
  expect(sources.map(({ url, suites }) => [url, ...suites])).toEqual([
    ['https://mirror.example/debian', 'bookworm', 'bookworm-updates'],
    ['http://second.mirror.example/debian', 'bookworm', 'bookworm-updates'],
    ['http://mirror.example/debian-security', 'bookworm-security'],
  ])
})

test('the files are read from a root, the main list first', async () => {
  const root = mkdtempSync(join(tmpdir(), 'cbi-apt-'))
  try {
    expect(await machineArchive(root)).toBeNull()
    mkdirSync(join(root, 'etc/apt/sources.list.d'), { recursive: true })
    mkdirSync(join(root, 'usr/lib'), { recursive: true })
    writeFileSync(join(root, 'usr/lib/os-release'), BOOKWORM)
    writeFileSync(join(root, 'etc/apt/sources.list.d/debian.sources'), DEBIAN_SOURCES)
    mkdirSync(join(root, 'etc/apt/sources.list.d/folder.list'))
    expect(await machineArchive(root)).toMatchObject({ archive: 'https://mirror.example/debian' })
  } finally {
    rmSync(root, { recursive: true })
  }
})
