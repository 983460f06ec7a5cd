import { expect, test } from 'vitest'
import { factsIn, watchPackages } from '../../../src/bootstrap/sbom/facts.ts'
import { licencesIn, spdxId } from '../../../src/bootstrap/sbom/licences.ts'
import { sbomsOf } from '../../../src/bootstrap/sbom/write.ts'
import { inPieces, joined, madeTar } from '../stage/made-deb.ts'
import { forms } from './forms.ts'

const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: x

Files: *
Copyright: 2020 A
License: GPL-3+

Files: b
Copyright: 2020 B
License: GPL-2+ and   BSD-like
 Redistribution is allowed.

Files: c
License: Expat

License: GPL-3+
 The text.
`

const STATUS = `Package: bash
Status: install ok installed
Maintainer: Matthias Klose <doko@debian.org>
Architecture: amd64
Source: bash-src (5.2-1)
Version: 5.2-1+b2
Homepage: https://www.gnu.org/software/bash/
Description: GNU Bourne Again SHell
 Longer.

Package: libstdc++6
Status: install ok installed
Architecture: amd64
Version: 12.2.0-14
Description: GNU Standard C++ Library v3

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`

const TAR = madeTar([
  { path: './usr/lib/os-release', body: 'ID=debian\nVERSION_ID="12"\n' },
  { path: './usr/share/doc/bash/copyright', body: COPYRIGHT },
  { path: './usr/share/doc/gcc-12-base/copyright', body: COPYRIGHT },
  { path: './usr/share/doc/libstdc++6', kind: 'symlink', linkPath: 'gcc-12-base' },
  { path: './var/lib/dpkg/status', body: STATUS },
])

const sboms = async () =>
  sbomsOf({
    name: 'debian bookworm',
    facts: await factsIn(inPieces(TAR)),
    packages: [
      {
        name: 'bash',
        version: '5.2-1+b2',
        architecture: 'amd64',
        sha256: 'ab'.repeat(32),
        url: 'http://deb.test/debian/pool/bash.deb',
      },
    ],
    epoch: 1_700_000_000,
    toolVersion: '1.2.3',
  })

test.each(['spdx', 'cdx'] as const)('%s is valid by its official schema', async form => {
  const document = JSON.parse((await sboms())[form]) as object
  forms[form](document)
  expect(forms[form].errors).toBeNull()
  // The schema is really looked at.
  expect(forms[form]({ ...document, [form === 'spdx' ? 'name' : 'specVersion']: 5 })).toBe(false)
})

test('packages come with their hash, address, licences and a purl that names the source package', async () => {
  const { spdx, cdx } = await sboms()
  const purl =
    'pkg:deb/debian/bash@5.2-1%2Bb2?arch=amd64&distro=debian-12&upstream=bash-src%405.2-1'
  expect(JSON.parse(cdx)).toMatchObject({
    metadata: { timestamp: '2023-11-14T22:13:20Z' },
    components: [
      { type: 'operating-system', name: 'debian', version: '12' },
      {
        name: 'bash',
        purl,
        supplier: { name: 'Matthias Klose' },
        licenses: [
          { license: { id: 'MIT' } },
          { license: { name: 'GPL-2+ and BSD-like' } },
          { license: { id: 'GPL-3.0-or-later' } },
        ],
        externalReferences: [
          {
            url: 'http://deb.test/debian/pool/bash.deb',
            hashes: [{ alg: 'SHA-256', content: 'ab'.repeat(32) }],
          },
          { url: 'https://www.gnu.org/software/bash/' },
        ],
      },
      { name: 'libstdc++6', purl: expect.stringContaining('libstdc%2B%2B6@12.2.0-14') },
    ],
  })
  const { packages, hasExtractedLicensingInfos: own } = JSON.parse(spdx) as Record<
    string,
    unknown[]
  >
  expect(packages?.[1]).toMatchObject({
    supplier: 'Organization: Matthias Klose (doko@debian.org)',
    licenseDeclared: 'MIT AND LicenseRef-GPL-2-plus-and-BSD-like AND GPL-3.0-or-later',
    checksums: [{ algorithm: 'SHA256', checksumValue: 'ab'.repeat(32) }],
  })
  expect(packages).toHaveLength(3)
  expect(own).toMatchObject([{ licenseId: 'LicenseRef-GPL-2-plus-and-BSD-like' }])
})

test('the same packages give the same bytes', async () => {
  expect(await sboms()).toEqual(await sboms())
})

test('the tar passes as it is while it is read; one that ends early tells nothing', async () => {
  const watched = watchPackages(inPieces(TAR, 700))
  expect((await joined(watched.tar)).equals(TAR)).toBe(true)
  expect((await watched.facts).packages.map(({ name }) => name)).toEqual(['bash', 'libstdc++6'])
  const cut = watchPackages(inPieces(TAR, 700))
  const failing = expect(cut.facts).rejects.toThrow('is incomplete')
  for await (const _ of cut.tar) break
  await failing
})

test('a tar that is damaged is passed on all the same', async () => {
  const bytes = Buffer.alloc(100_000, 'x')
  const watched = watchPackages(inPieces(bytes, 1000))
  const failing = expect(watched.facts).rejects.toThrow()
  expect((await joined(watched.tar)).equals(bytes)).toBe(true)
  await failing
})

test.each([
  ['GPL-2', 'GPL-2.0-only'],
  ['GPL-2+', 'GPL-2.0-or-later'],
  ['LGPL-2.1+', 'LGPL-2.1-or-later'],
  ['Expat', 'MIT'],
  ['BSD-3-clause', 'BSD-3-Clause'],
  ['GPL-9+', null],
  ['public-domain', null],
  ['GPL-2+ with exception', null],
])('%s is %s', (name, id) => {
  expect(spdxId(name)).toBe(id)
})

test('a copyright file in prose names no licence', () => {
  expect(licencesIn('This is free software.\nLicense: GPL-2\n')).toEqual([])
})
