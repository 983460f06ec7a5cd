import { expect, test } from 'vitest'
import { planPackages } from '../../../src/bootstrap/deb/bootstrap.ts'
import {
  loginsLeftOut,
  readSources,
  roleIn,
  withoutLogins,
} from '../../../src/bootstrap/deb/sources-file.ts'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import type { Fetcher } from '../../../src/bootstrap/types.ts'
import { makeSigner } from './signed.ts'
import { archiveOf } from './small-archive.ts'

const TEXT = `# mine
Types: deb deb-src
URIs: http://deb.test/debian https://me:secret@other.test/debian/
Suites: trixie trixie-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

Types: deb-src
URIs: http://deb.test/sources
Suites: trixie
Components: main

Enabled: no
Types: deb
URIs: http://off.test
Suites: trixie
Components: main

Types: deb
URIs: http://tools.test
Suites: stable
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
`

const refusal = (text: string): string => {
  try {
    readSources(text, 'my.sources')
  } catch (error) {
    expect(error).toBeInstanceOf(BootstrapError)
    return (error as BootstrapError).message
  }
  return 'taken'
}

test('stanzas of packages are read as apt reads them, those for sources and those turned off are not', () => {
  const [first, second, ...others] = readSources(TEXT, 'my.sources')
  expect(others).toEqual([])
  expect(first).toEqual({
    archives: ['http://deb.test/debian', 'https://me:secret@other.test/debian/'],
    suites: ['trixie', 'trixie-updates'],
    components: ['main', 'contrib'],
    signedBy: { files: ['/usr/share/keyrings/debian-archive-keyring.pgp'] },
  })
  expect(second!.signedBy).toEqual({
    key: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQINBF\n-----END PGP PUBLIC KEY BLOCK-----',
  })
})

const HEAD = '# create-base-image left out the user and the password of '

test('logins are left out, and the file says of which addresses', () => {
  const plain = TEXT.replace('me:secret@', '')
  const copy = withoutLogins(TEXT)
  expect(copy).toBe(`${HEAD}https://other.test/debian/\n${plain}`)
  expect(readSources(copy, 'my.sources')).toEqual(readSources(plain, 'my.sources'))
  expect(loginsLeftOut(copy)).toEqual(['https://other.test/debian/'])
  expect(loginsLeftOut(copy.replaceAll('\n', '\r\n'))).toEqual(['https://other.test/debian/'])
  // What is read from a copy gives the same copy again, also with a login that was put back.
  expect(withoutLogins(copy)).toBe(copy)
  const put = `${HEAD}https://other.test/debian/\n${TEXT}`
  expect(loginsLeftOut(put)).toEqual([])
  expect(withoutLogins(put)).toBe(copy)
  expect(withoutLogins(plain)).toBe(plain)
  expect(loginsLeftOut(TEXT)).toEqual([])
})

const GOOD = 'Types: deb\nURIs: http://a\nSuites: s\nComponents: main\n'

test.each([
  ['deb http://deb.test/debian trixie main\n', 'old form'],
  [GOOD.replace('Types: deb', 'Types: deb-src'), 'no stanza'],
  [`${GOOD}Trusted: yes\n`, 'trusted: yes'],
  [`${GOOD}Allow-Insecure: yes\n`, 'allow-insecure: yes'],
  [GOOD.replace('Suites: s', 'Suites: ./'), 'a suite that is a folder'],
  [GOOD.replace('Suites: s\n', ''), 'has no Suites'],
  [GOOD.replace('http://a', 'file:/srv'), 'neither http:// nor https://'],
  [`${GOOD}Signed-By: 4CB50190207B4758A3F73A796ED0E7B82643E131\n`, 'neither the path of a file'],
  ['no field\n', 'no field'],
  [GOOD, 'taken'],
])('%j: %s', (text, words) => {
  expect(refusal(text)).toContain(words)
})

test('a suite is security, updates or a release by its name', () => {
  const roles = ['trixie', 'trixie-updates', 'trixie-security', 'stable'].map(suite =>
    roleIn(suite, 'trixie'),
  )
  expect(roles).toEqual(['release', 'updates', 'security', 'release'])
})

test('each archive is verified with its own key, and with no other', async () => {
  const made = new Date('2026-01-01T00:00:00Z')
  const [debian, tools] = [await makeSigner(made), await makeSigner(made)]
  const files = await archiveOf(
    {
      'debian/dists/trixie': {
        rows: [
          ['base-files 12 required', { Depends: 'libc6' }],
          ['libc6 2.36 required'],
          ['apt 2.6 important'],
        ],
      },
      'tools/dists/any': { rows: [['tool 1 optional', { Depends: 'libc6' }]], signer: tools },
    },
    debian,
    new Date('2026-02-01T00:00:00Z'),
  )
  const fetcher = {
    bytes: ({ url, what }) => {
      const bytes = files.get(url.replace('http://test/', ''))
      return bytes === undefined
        ? Promise.reject(new BootstrapError('not-found', what))
        : Promise.resolve({ bytes, from: 'network' })
    },
  } as Fetcher
  const planWith = (toolKey: typeof tools) =>
    planPackages({
      request: {
        distribution: 'debian',
        codename: 'trixie',
        sources: [
          suite('http://test/debian', 'trixie', debian),
          suite('http://test/tools', 'any', toolKey),
        ],
        architecture: 'amd64',
        variant: 'minbase',
        include: ['tool'],
        exclude: [],
        keys: [],
        now: Date.parse('2026-02-02T00:00:00Z'),
        snapshot: false,
      },
      fetcher,
      signal: new AbortController().signal,
    })
  const { extras } = await planWith(tools)
  expect(extras.map(({ name, origin }) => `${name} ${origin.archive}`)).toEqual([
    'tool http://test/tools',
  ])
  await expect(planWith(debian)).rejects.toMatchObject({ code: 'key-unknown' })
})

const suite = (archive: string, name: string, { key }: Awaited<ReturnType<typeof makeSigner>>) => ({
  archive,
  suite: name,
  components: ['main'],
  role: 'release' as const,
  optional: false,
  keys: [key],
})
