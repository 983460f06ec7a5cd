import { openPackages } from '../../src/bootstrap/deb/packages-index.ts'
import { readKeys } from '../../src/bootstrap/deb/keys.ts'
import { readLock } from '../../src/bootstrap/deb/lock.ts'
import { checkRelease, readRelease } from '../../src/bootstrap/deb/release-file.ts'
import { verifySigned } from '../../src/bootstrap/deb/signature.ts'
import { BootstrapError } from '../../src/bootstrap/errors.ts'
import { factsIn } from '../../src/bootstrap/sbom/facts.ts'
import { TarProblem } from '../../src/tar/problem.ts'
import { makeSigner, signText } from '../bootstrap/deb/signed.ts'
import { packagesText } from '../bootstrap/deb/small-index.ts'
import { madeTar } from '../bootstrap/stage/made-deb.ts'

const MADE = new Date('2026-01-01T00:00:00Z')
const NOW = MADE.getTime() + 1000
const WHAT = 'The index'

const RELEASE = `Origin: Debian
Suite: stable
Codename: bookworm
Date: Thu, 01 Jan 2026 00:00:00 UTC
Valid-Until: Thu, 08 Jan 2026 00:00:00 UTC
Acquire-By-Hash: yes
Architectures: all amd64 arm64
Components: main contrib
SHA256:
 ${'ab'.repeat(32)} 1234 main/binary-amd64/Packages
 ${'cd'.repeat(32)} 567 main/binary-amd64/Packages.gz
`

const PACKAGES = packagesText([
  ['base-files 12 required', { Depends: 'libc6 (>= 2.3), awk | mawk', Provides: 'base (= 1)' }],
  ['libc6 1:2.36~rc1 required', { Essential: 'yes', Description: 'C\n more\n .\n end' }],
  ['apt 2.6 important'],
])

const LOCK = `{"lock":1,"distribution":"debian","codename":"bookworm","architecture":"amd64","variant":"minbase",
"include":[],"exclude":[],"slim":false,"keyring":null,"sources":["http://deb.test/debian bookworm main"],"epoch":5,
"newer":0,"suites":[{"suite":"bookworm","archive":"http://deb.test/debian","role":"release","components":["main"],
"date":"2026-01-01T00:00:00.000Z","sha256":"${'ab'.repeat(32)}"}],"packages":[{"name":"bash","version":"5","architecture":
"amd64","sha256":"${'ab'.repeat(32)}","size":5,"suite":"bookworm","component":"main","filename":"pool/bash.deb",
"part":"required","priority":"required","section":"shells","installedBytes":5}]}`

const TREE = madeTar([
  { path: './usr/lib/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
  { path: './usr/share/doc/x/copyright', body: 'Format: 1.0\n\nFiles: *\nLicense: GPL-2+\n' },
  {
    path: './var/lib/dpkg/status',
    body: 'Package: x\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nSource: y (2)\n',
  },
])

const signer = await makeSigner(MADE)
const inRelease = await signText(RELEASE, [signer], MADE)

const meant =
  (feed: (input: Buffer) => unknown) =>
  async (input: Buffer): Promise<void> => {
    try {
      await feed(input)
    } catch (error) {
      if (!(error instanceof BootstrapError || error instanceof TarProblem)) throw error
    }
  }

const feedPackages = (input: Buffer): void => {
  const origin = { archive: 'http://x', suite: 'x', component: 'main', role: 'release' } as const
  const index = openPackages([{ bytes: input, origin }], 'amd64')
  index.withPriority('required')
  index.essential()
  for (const name of index.names()) index.newest(name)
  for (const name of ['base', 'awk']) index.providers(name)
}

const feedRelease = (input: Buffer): void => {
  const release = readRelease(input.toString(), WHAT)
  const expected = {
    suite: 'bookworm',
    codename: 'bookworm',
    now: NOW,
    snapshot: false,
    seen: null,
  }
  checkRelease(release, expected, WHAT)
}

const once = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Readers of Debian's archives that are fuzzed; ar, the tar in a package, xz and zstd are in test/bootstrap/stage. */
export const debTargets = [
  { name: 'Packages', seeds: [Buffer.from(PACKAGES)], feed: meant(feedPackages) },
  { name: 'Release', seeds: [Buffer.from(RELEASE)], feed: meant(feedRelease) },
  {
    name: 'InRelease',
    seeds: [inRelease],
    feed: meant(input => verifySigned(input, [signer.key], NOW, WHAT)),
  },
  {
    name: 'keyring',
    seeds: [Buffer.from(signer.key.certificate), Buffer.from(signer.privateKey.toPublic().write())],
    feed: meant(certificate => readKeys([{ file: 'keys', certificate }])),
  },
  {
    name: 'packages.lock',
    seeds: [Buffer.from(LOCK)],
    feed: meant(input => readLock(input.toString(), 'packages.lock')),
  },
  { name: 'root filesystem', seeds: [TREE], feed: meant(input => factsIn(once(input))) },
]
