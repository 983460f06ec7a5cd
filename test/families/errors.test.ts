import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { findRemedy } from '../../src/engine/remedies.ts'
import { scriptReader } from '../../src/run/progress/script.ts'
import { err, replay } from '../run/progress/replay.ts'

// What each recorded failure of a package manager must be taken for, by the family's own script and the remedies.
const CASES: Readonly<Record<string, string>> = {
  badscript: 'package-script',
  badscriptxml: 'package-script',
  brokendep: 'package-dependency',
  busy: 'archive-busy',
  corrupt: 'package-damaged',
  corruptxml: 'package-damaged',
  cut: 'archive-unreachable',
  dbrequired: 'package-unsigned',
  diskfull: 'package-room',
  down: 'archive-unreachable',
  downxml: 'archive-unreachable',
  forbidden: 'archive-no-suite',
  login: 'archive-login',
  missingfile: 'package-gone',
  nocaps: 'engine-refuses-right',
  nohost: 'archive-unreachable',
  nolandlock: 'engine-refuses-right',
  nokey: 'archive-unknown-key',
  nopackage: 'package-unknown',
  nosetfcap: 'engine-refuses-right',
  notfound: 'archive-no-suite',
  oldbuilder: 'package-unsigned',
  portal: 'archive-portal',
  repogpg: 'archive-unknown-key',
  unshare: 'engine-refuses-right',
  unshareplugin: 'engine-refuses-right',
  unsigned: 'package-unsigned',
  wrongarch: 'archive-no-suite',
  wrongkey: 'archive-unknown-key',
  wrongrelease: 'archive-no-suite',
}

const EXCEPT: Readonly<Record<string, string | null>> = {
  // apk's words are those of a stranger's key; the script looks at the index itself (apk.test.ts), which is not here.
  'apk-2.14-unsigned': 'archive-unknown-key',
  // It says so and goes on.
  'pacman-7.0-nolandlock': null,
}

/** It is named alone, not with the sentence that told of it. */
const DAMAGED = /^EA: (?:coreutils|busybox)\S*$/m

const FAMILIES = [
  ['apk', 'apk', /^apk-/],
  ['dnf', 'dnf', /^dnf/],
  ['zypper', 'zypper', /^zypper-/],
  ['pacman', 'pacman', /^pacman-/],
] as const

const recorded = readFileSync(new URL('../fixtures/family-errors.txt', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map(section => {
    const [head = '', ...lines] = section.split('\n')
    const [name = '', code = ''] = head.split(' ')
    return { name, code, fault: name.split('-').at(-1) ?? '', log: lines.join('\n') }
  })

const folder = mkdtempSync(join(tmpdir(), 'cbi-family-errors-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Returns what the family's script says of a tool that wrote `log` and ended with `code`. */
const saidOf = (
  family: string,
  code: string,
  log: string,
  mirror = 'http://mirror.example',
): string => {
  const script = readAsset(`families/${family}/bootstrap.sh`).replace(/^main "\$@".*$/m, '')
  expect(script).not.toContain('main "$@"')
  writeFileSync(join(folder, 'log'), log)
  const judge = family === 'apk' ? 'explain' : 'check'
  const state = `rootfs=/rootfs log='${folder}/log' work='${folder}' code=${code} mirror=${mirror} machine=x86_64 branch=v3.20 release=41 packages=bash version='' found=''`
  const { stdout, stderr } = spawnSync('sh', ['-s'], {
    input: `${script}\n${state}\n${judge}\n`,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return `${stdout}${stderr}`
}

test('every kind of failure that was recorded is in the table, and each row is recorded', () => {
  expect([...new Set(recorded.map(({ fault }) => fault))].sort()).toEqual(Object.keys(CASES).sort())
})

describe.each(FAMILIES)('%s', (_, family, of) => {
  test.each(recorded.filter(({ name }) => of.test(name)))(
    '$name has its own remedy',
    ({ name, code, fault, log }) => {
      const said = saidOf(family, code, log)
      const { lines } = replay(scriptReader(), [err(said)])
      const remedy = findRemedy(lines.join('\n'), { platform: 'linux', builderStep: true })
      const wanted = name in EXCEPT ? EXCEPT[name] : CASES[fault]
      expect(remedy?.code ?? null, said).toBe(wanted)
      if (wanted === null) return
      if (wanted === 'package-damaged') expect(said).toMatch(DAMAGED)
      for (const line of [remedy?.what ?? '', ...(remedy?.todo ?? [])])
        expect(line).toMatch(/^\S[^{}\n]{5,}\S$/)
    },
  )
})

test('a file of keys that the builder lacks, and an address that has no index, are named', () => {
  const key = '/etc/pki/rpm-gpg/RPM-GPG-KEY-x'
  const lacks = `Curl error (37): Could not read a file:// file for file://${key} [Couldn't open file ${key}]\n`
  expect(toldOf(lacks)).toMatchObject({
    code: 'keys-not-taken',
    what: `The file of keys is not there, or was not accepted: ${key}`,
  })
  const index = 'http://mirror.example/x/repodata/repomd.xml'
  const none = `Errors during downloading metadata for repository 'x':\n  - Status code: 404 for ${index} (IP: 192.0.2.1)\n`
  expect(toldOf(none.replace('//', '//ann:secret@'))).toMatchObject({
    code: 'archive-no-suite',
    what: `The server answers, but does not have the release: 41 (${index})`,
  })
})

const toldOf = (log: string, family = 'dnf', mirror?: string) => {
  const { lines } = replay(scriptReader(), [err(log + saidOf(family, '1', log, mirror))])
  const remedy = findRemedy(lines.join('\n'), { platform: 'linux', builderStep: true })
  return remedy === null ? null : { ...remedy, last: lines.at(-1) }
}

const REPOMD = 'https://r.example/rpm/41/x86_64/repodata/repomd.xml'
const METALINK = 'https://mirrors.fedoraproject.org/metalink?repo=fedora-99&arch=x86_64'
const RPM = 'https://a.example/41/bash-5.2-1.x86_64.rpm'
const OF_ZYPP = "Download (curl) error for 'https://mirror.example/oss/content':\n   Error code: "
const OF_PACMAN = "error: failed retrieving file 'core.db' from a.example : "

/** What the tools say, in the form that is recorded, read in their source or met in issues, and the answer to it. */
const TOLD: readonly (readonly [family: string, log: string, code: string, last: string])[] = [
  // The certificate of a company's proxy, and what else TLS fails at.
  ...[
    `  - Curl error (60): SSL peer certificate or SSH remote key was not OK for ${REPOMD} [SSL certificate problem: self-signed certificate in certificate chain]`,
    `>>> Curl error (60): SSL peer certificate or SSH remote key was not OK for ${REPOMD} [SSL certificate problem: unable to get local issuer certificate] - ${REPOMD}`,
    `  - Curl error (51): SSL peer certificate or SSH remote key was not OK for ${REPOMD} [Unable to communicate securely with peer]`,
    `  - Curl error (77): Problem with the SSL CA cert (path? access rights?) for ${REPOMD} [error adding trust anchors from file: /etc/pki/tls/certs/ca-bundle.crt]`,
    `  - Curl error (35): SSL connect error for ${REPOMD} [error:0A00010B:SSL routines::wrong version number]`,
  ].map(log => ['dnf', log, 'archive-certificate', 'of r.example (E: NOTLS)'] as const),
  [
    'zypper',
    `${OF_ZYPP}Curl error 60\n   Error message: SSL certificate problem: unable to get local issuer certificate`,
    'archive-certificate',
    'of http://mirror.example (E: NOTLS)',
  ],
  [
    'zypper',
    `${OF_ZYPP}Unrecognized error Curl error (60)\n   Error message: SSL certificate problem: self-signed certificate`,
    'archive-certificate',
    'of http://mirror.example (E: NOTLS)',
  ],
  ...[
    'SSL certificate problem: self-signed certificate in certificate chain',
    'SSL: no alternative certificate subject name matches target hostname',
    'error setting certificate verify locations:  CAfile: /etc/ssl/certs/ca-bundle.crt',
  ].map(
    said => ['pacman', OF_PACMAN + said, 'archive-certificate', 'of a.example (E: NOTLS)'] as const,
  ),
  [
    'pacman',
    `${OF_PACMAN}SSL certificate problem: certificate is not yet valid`,
    'clock',
    'of a.example (E: NOTLS)',
  ],
  [
    'dnf',
    `  - Curl error (35): SSL connect error for ${REPOMD} [OpenSSL SSL_connect: Connection reset by peer]`,
    'archive-unreachable',
    'No answer from r.example (E: NOANSWER)',
  ],
  // Who does not answer may be a proxy, or what a mirror redirects to.
  [
    'dnf',
    `  - Curl error (5): Could not resolve proxy name for ${REPOMD} [Could not resolve proxy: proxy.example]`,
    'archive-unreachable',
    'No answer from proxy.example (E: NOANSWER)',
  ],
  [
    'zypper',
    `${OF_ZYPP}Connection failed Curl error (6)\n   Error message: Could not resolve host: b.example`,
    'archive-unreachable',
    'No answer from b.example (E: NOANSWER)',
  ],
  [
    'zypper',
    "Timeout exceeded when accessing 'http://mirror.example/oss/content'.",
    'archive-unreachable',
    'No answer from http://mirror.example (E: NOANSWER)',
  ],
  [
    'pacman',
    `${OF_PACMAN}Operation too slow. Less than 1 bytes/sec transferred the last 10 seconds\nerror: failed to synchronize all databases (download library error)`,
    'archive-unreachable',
    'No answer from a.example (E: NOANSWER)',
  ],
  // What a status means depends on what was asked for.
  [
    'dnf',
    `Error: Failed to download metadata for repo 'fedora': Cannot prepare internal mirrorlist: Status code: 404 for ${METALINK} (IP: 192.0.2.1)`,
    'archive-no-suite',
    `no release 41 (${METALINK}) (E: NOSUITE)`,
  ],
  [
    'dnf',
    `>>> Status code: 404 for ${METALINK} (IP: 192.0.2.1) - ${METALINK}`,
    'archive-no-suite',
    `no release 41 (${METALINK}) (E: NOSUITE)`,
  ],
  [
    'dnf',
    "Error: Failed to download metadata for repo 'appstream': Cannot prepare internal mirrorlist: No URLs in mirrorlist",
    'archive-no-suite',
    'no release 41 (E: NOSUITE)',
  ],
  [
    'dnf',
    `  - Status code: 404 for ${REPOMD.replace('repomd', '0a1-primary')}.gz (IP: 192.0.2.1)`,
    'index-unreadable',
    'The index could not be read of r.example (E: NOINDEX)',
  ],
  [
    'dnf',
    `[MIRROR] bash-5.2-1.x86_64.rpm: Status code: 404 for ${RPM} (IP: 192.0.2.1)`,
    'package-gone',
    'does not have: bash-5.2-1.x86_64.rpm at a.example (E: PACKAGEGONE)',
  ],
  [
    'dnf',
    `[MIRROR] libmetalink-0.1-1.x86_64.rpm: Status code: 404 for https://a.example/libmetalink-0.1-1.x86_64.rpm (IP: 192.0.2.1)`,
    'package-gone',
    'does not have: libmetalink-0.1-1.x86_64.rpm at a.example (E: PACKAGEGONE)',
  ],
  [
    'dnf',
    `[MIRROR] a_b.drpm: Status code: 404 for https://a.example/a_b.drpm (IP: 192.0.2.1)`,
    'package-gone',
    'does not have: a_b.drpm at a.example (E: PACKAGEGONE)',
  ],
  [
    'dnf',
    `[MIRROR] bash-5.2-1.x86_64.rpm: Status code: 403 for ${RPM} (IP: 192.0.2.1)`,
    'archive-refused',
    'A request was refused (403) by a.example (E: REFUSED)',
  ],
  [
    'dnf',
    `  - Curl error (56): Failure when receiving data from the peer for ${REPOMD} [Received HTTP code 407 from proxy after CONNECT]`,
    'archive-refused',
    'A request was refused (407) by a proxy (E: REFUSED)',
  ],
  ['dnf', `  - Status code: 429 for ${REPOMD}`, 'archive-busy', 'An error (429) came'],
  [
    'zypper',
    `${OF_ZYPP}HTTP response: 500\n   Error message: The requested URL returned error: 500`,
    'archive-busy',
    'An error (500) came from the server (E: BUSY)',
  ],
  [
    'zypper',
    "Location 'http://mirror.example/oss/content' is temporarily unaccessible.",
    'archive-busy',
    'An error (502 or 503) came from the server (E: BUSY)',
  ],
  [
    'zypper',
    "File './repodata/0a1-primary.xml.gz' not found on medium 'http://mirror.example/oss'",
    'index-unreadable',
    'The index could not be read of http://mirror.example (E: NOINDEX)',
  ],
  [
    'zypper',
    "Permission to access 'http://mirror.example/oss/x86_64/bash-5.2-1.x86_64.rpm' denied.\n   Access to requested URL is forbidden.",
    'archive-refused',
    'A request was refused (403) by http://mirror.example (E: REFUSED)',
  ],
  [
    'zypper',
    "[repo-1|http://mirror.example/oss] Repository type can't be determined.",
    'archive-no-suite',
    'no release 41 (http://mirror.example/oss) (E: NOSUITE)',
  ],
  [
    'pacman',
    `${OF_PACMAN}The requested URL returned error: 404`,
    'archive-no-suite',
    'no release 41 (http://mirror.example/core/os/x86_64/core.db) (E: NOSUITE)',
  ],
  [
    'pacman',
    "error: failed retrieving file 'bash-5.2-1-x86_64.pkg.tar.zst' from a.example : The requested URL returned error: 403",
    'archive-refused',
    'A request was refused (403) by a.example (E: REFUSED)',
  ],
  [
    'apk',
    'WARNING: fetching http://u:secret@mirror.example/v9.99/main: No such file or directory',
    'archive-no-suite',
    'no release v3.20 (http://mirror.example/v9.99/main) for this architecture (E: NOSUITE)',
  ],
  [
    'apk',
    'WARNING: fetching https://mirror.example/v3.20/main: TLS: server certificate not trusted',
    'archive-certificate',
    'of http://mirror.example (E: NOTLS)',
  ],
]

test.each(TOLD)('%s says %j: %s', (family, log, code, last) => {
  const told = toldOf(`${log}\n`, family)
  expect(told?.code).toBe(code)
  expect(told?.last).toContain(last)
})

test('without a mirror the host of the tool’s own line is named, or whose mirrors they are', () => {
  const of = (family: string, log: string) => toldOf(`${log}\n`, family, "''")?.what
  const hidden = `  - Curl error (6): Could not resolve hostname for ${METALINK} [Could not resolve host: mirrors.fedoraproject.org]`
  expect(of('dnf', hidden)).toBe('The bootstrap gets no answer from mirrors.fedoraproject.org.')
  expect(of('dnf', `  - Status code: 401 for ${REPOMD}`)).toMatch(/^r\.example requires/)
  expect(of('dnf', 'Public key for bash-5.2-1.x86_64.rpm is not installed')).toMatch(
    /trusted ones \(the mirrors of \w[^()]*\)/,
  )
  expect(of('pacman', `${OF_PACMAN}Could not resolve host: a.example`)).toBe(
    'The bootstrap gets no answer from a.example.',
  )
  expect(of('pacman', `${OF_PACMAN}The requested URL returned error: 404`)).toBe(
    'The server answers, but does not have the release: 41 (a.example)',
  )
  expect(of('pacman', 'error: required key missing from keyring')).toMatch(/the mirrors of \w/)
})

test('what one of many mirrors failed at is not the cause of what another fails at later', () => {
  const slow = `[MIRROR] bash-5.2-1.x86_64.rpm: Curl error (28): Timeout was reached for ${RPM} [Connection timed out after 30001 milliseconds]`
  const key = 'Public key for bash-5.2-1.x86_64.rpm is not installed'
  expect(toldOf(`${slow}\n${key}\n`)?.code).toBe('archive-unknown-key')
  const none = `${OF_PACMAN}Connection timed out after 10001 milliseconds\nerror: target not found: jqq\n`
  expect(toldOf(none, 'pacman')).toMatchObject({ code: 'package-unknown', last: /jqq/ })
})
