import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { FullAnswers, Given } from '../../src/ask/answers.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { withoutSecret } from '../../src/ask/questions/mirror.ts'
import { savedAnswers } from '../../src/ask/saved.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'
import { today } from '../../src/ask/today.ts'
import { withLock } from '../../src/ask/locked.ts'
import { standardRelease } from '../../src/catalog/releases.ts'
import { UsageError } from '../../src/errors.ts'

const folder = mkdtempSync(join(tmpdir(), 'full-'))
afterAll(() => rmSync(folder, { recursive: true }))

const given = (...argv: string[]) => givenBy(parseFlags(argv), folder) as Given<FullAnswers>

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content)
  return name
}

/** Only its first byte is looked at: that of a public key. */
const KEYS = Buffer.from([0x99, 2, 13, 4])

/** The message and the advice of a refusal. */
const refusal = (...argv: string[]): string[] => {
  try {
    given(...argv)
  } catch (error) {
    if (error instanceof UsageError) return [error.message, ...error.todo]
    throw error
  }
  throw new Error(`${argv.join(' ')} was taken`)
}

test.each([
  [['--kind', 'full'], 'ubuntu', standardRelease('ubuntu', today()).codename],
  [['--distro', 'debian'], 'debian', standardRelease('debian', today()).codename],
  [['--slim'], 'ubuntu', standardRelease('ubuntu', today()).codename],
  [['--release', '24.04'], 'ubuntu', 'noble'],
  [['--release', 'Bookworm'], 'debian', 'bookworm'],
  [['--release', '12', '--distro', 'debian'], 'debian', 'bookworm'],
])('%j is a full image of %s %s, named after it', (argv, distro, release) => {
  const { answers, places } = given(...argv)
  expect(answers).toMatchObject({ kind: 'full', distro, release, tag: `my-${release}` })
  expect(places.directory).toBe(join(folder, `my-${release}`))
})

test.each([
  [['--kind', 'minimal', '--release', 'noble'], '--kind minimal', '--release'],
  [['--program', 'x', '--slim'], '--program', '--slim'],
  [['--libc', 'musl', '--no-slim'], '--libc', '--no-slim'],
  [['--kind', 'full', '--with', 'user'], '--with', '--kind full'],
  [['--answers', 'full.json', '--libc', 'musl'], '--libc', 'full.json'],
  [['--answers', 'full.json', '--kind', 'minimal'], '--kind minimal', 'full.json'],
  [['--answers', 'minimal.json', '--release', 'noble'], 'minimal.json', '--release'],
  [['--answers', 'mixed.json'], 'mixed.json', 'mixed.json'],
])('%j asks for both kinds, and is refused', (argv, minimal, full) => {
  file('full.json', JSON.stringify(savedAnswers(given('--release', 'noble').answers)))
  file('minimal.json', JSON.stringify(savedAnswers(given().answers)))
  file('mixed.json', '{"version":1,"libc":"musl","slim":"yes"}')
  expect(refusal(...argv)).toEqual([
    `${minimal} asks for a minimal image, and ${full} for a full one.`,
    'Leave one of the two out.',
  ])
})

test('answers.json gives equal answers, whatever they are', () => {
  file('keyring.gpg', KEYS)
  const flags =
    '--release bookworm --variant buildd --slim --include vim,curl --bootstrap host --arch arm64 ' +
    '--mirror http://mirror.example/debian --keyring keyring.gpg --builder debian:sid --tag a/b:1 --engine none'
  const first = given(...flags.split(' '))
  file('answers.json', JSON.stringify(savedAnswers(first.answers)))
  expect(given('--answers', 'answers.json').answers).toEqual(first.answers)
  const least = given('--release', 'noble')
  file('least.json', JSON.stringify(savedAnswers(least.answers)))
  expect(given('--answers', 'least.json').answers).toEqual(least.answers)
  expect(given('--answers', 'least.json', '--slim').answers.slim).toBe(true)
  expect(given('--answers', 'least.json', '--release', 'trixie').answers).toMatchObject({
    distro: 'debian',
    release: 'trixie',
    tag: 'my-trixie',
  })
  const named = given('--release', 'noble', '--tag', 'mine')
  file('named.json', JSON.stringify(savedAnswers(named.answers)))
  expect(given('--answers', 'named.json', '--release', 'trixie').answers.tag).toBe('mine')
})

test('the command that repeats answers names the release, and what is no default', () => {
  const command = (...argv: string[]) =>
    commandWordsOf(commandLineOf(given(...argv)))
      .slice(1)
      .join(' ')
  expect(command('--release', 'bookworm', '--slim', '--kind', 'full')).toBe(
    'create-base-image --yes --release bookworm --slim',
  )
  expect(command('--kind', 'full')).toMatch(/^create-base-image --yes --release [a-z]+$/)
  // What a minimal image has by default is a choice here.
  expect(command('--release', 'noble', '--builder', 'ubuntu:20.04')).toContain(
    '--builder ubuntu:20.04',
  )
  expect(command('--release', 'noble', '--tag', 'x', '--include', 'a1,b2')).toBe(
    'create-base-image --yes --tag x --release noble --include a1,b2',
  )
})

test.each([
  ['http://me:secret@mirror.example/ubuntu/', 'http://me:secret@mirror.example/ubuntu'],
  ['HTTP://me:secret@Mirror.example', 'http://me:secret@mirror.example'],
  ['http:/me:secret@mirror.example/a', 'http://me:secret@mirror.example/a'],
  ['https://me:se@cret@mirror.example/a//', 'https://me:se%40cret@mirror.example/a'],
])('the mirror %s keeps its password for the run alone', (text, whole) => {
  const all = given('--release', 'noble', '--mirror', text)
  const { answers } = all
  expect(answers.mirror).toBe(whole)
  for (const saved of [
    JSON.stringify(savedAnswers(answers)),
    commandWordsOf(commandLineOf(all)).join(' '),
  ]) {
    expect(saved).toContain(withoutSecret(whole))
    expect(saved).not.toMatch(/secret|cret@|me:/)
  }
})

test.each([
  ['ftp://mirror.example/ubuntu', 'ftp://mirror.example/ubuntu'],
  ['ftp://me:secret@mirror.example/ubuntu', 'ftp://mirror.example/ubuntu'],
  ['me:secret@mirror.example/ubuntu', 'mirror.example/ubuntu'],
  ['http://me:se/cret@mirror.example/ubuntu', 'http://mirror.example/ubuntu'],
  ['http://me:secret/1@mirror.example/', 'http://mirror.example/'],
  ['http://mirror.example/ubuntu?token=secret', 'http://mirror.example/ubuntu?…'],
  ['http://mirror.example/#a', 'http://mirror.example/#a'],
  ['http://mirror.example/a b', 'http://mirror.example/a b'],
  ['/srv/mirror', '/srv/mirror'],
])('the mirror %s is refused without its password', (text, shown) => {
  const [message, ...todo] = refusal('--release', 'noble', '--mirror', text)
  expect(message).toBe(`--mirror "${shown}" is not the address of a mirror.`)
  expect(todo.join()).not.toMatch(/secret|cret@/)
})

test.each([
  ['curl,vim', ['curl', 'vim']],
  ['curl, vim ,curl', ['curl', 'vim']],
  ['curl vim', ['curl', 'vim']],
  ['libstdc++6,python3.11,g++,', ['libstdc++6', 'python3.11', 'g++']],
])('--include "%s" means %j', (text, names) => {
  expect(given('--release', 'noble', '--include', text).answers.include).toEqual(names)
})

test.each(['Curl', 'x', '-y', 'a_b', 'curl=7', 'curl;reboot', '$(id)', 'vim/sid'])(
  '--include %s is refused',
  name => {
    expect(refusal('--release', 'noble', `--include=vim,${name}`)[0]).toBe(
      `--include: "${name}" is not a package name.`,
    )
  },
)

test('the other families have packages with capitals and underscores', () => {
  for (const release of ['fedora', 'tumbleweed', 'alpine', 'arch'])
    expect(
      given('--release', release, '--include', 'NetworkManager,R,a_b').answers.include,
    ).toEqual(['NetworkManager', 'R', 'a_b'])
  for (const name of ['-y', '@core', 'a;b', '../x', 'a=1'])
    expect(refusal('--release', 'fedora', `--include=vim,${name}`)[0]).toBe(
      `--include: "${name}" is not a package name.`,
    )
  for (const release of ['kali', 'devuan'])
    expect(refusal('--release', release, '--include=Vim')[1]).toContain('lower-case')
})

test('BusyBox has no packages, so --include is refused by name', () => {
  expect(refusal('--release', 'busybox', '--include', 'vim,jq')).toEqual([
    '--include vim,jq: BusyBox is one program, and no packages can be added to it.',
    'Leave --include out.',
    'Or take Alpine, which is small and has packages: --release alpine',
  ])
  const saved = file(
    'answers.json',
    JSON.stringify({ version: 1, kind: 'full', release: 'busybox:1.37', include: 'vim' }),
  )
  expect(refusal('--answers', saved)[0]).toContain('--include vim: BusyBox')
  expect(given('--release', 'busybox').answers.include).toEqual([])
})

test('--slim counts only where there is something to leave out', () => {
  expect(given('--release', 'fedora', '--slim').answers.slim).toBe(true)
  for (const release of ['alpine', 'busybox'])
    expect(given('--release', release, '--slim').answers.slim).toBe(false)
})

test('advice on a mirror and on keys is right for every distribution', () => {
  expect(refusal('--release', 'fedora', '--mirror', 'ftp://x')[1]).toMatch(
    /^An http or https address, in the form of the distribution's own list of mirrors;/,
  )
  expect(refusal('--release', 'alpine', '--keyring', 'none.pub')[1]).toContain('/etc/apk/keys')
  expect(refusal('--distro', 'centos')[1]).toBe('Did you mean centos-stream?')
  expect(refusal('--distro', 'tumbleweed')[1]).toBe('Did you mean opensuse-tumbleweed?')
})

test('a keyring is a file of public keys, as bytes', () => {
  const keyring = (name: string) => given('--release', 'noble', '--keyring', name).answers.keyring
  expect(keyring(file('old.gpg', KEYS))).toBe(join(folder, 'old.gpg'))
  expect(keyring(file('new.gpg', Buffer.from([0xc6, 1])))).toBe(join(folder, 'new.gpg'))
})

test.each([
  ['none.gpg', null, 'there is no file none.gpg'],
  ['.', null, 'is not a regular file'],
  ['empty.gpg', '', 'has no public keys'],
  ['text.gpg', 'hello', 'has no public keys'],
  [
    'box.kbx',
    '\0\0\0 \u0001\u0001\0\0KBXf',
    'gpg --no-default-keyring --keyring ./box.kbx --export --output keys.gpg',
  ],
  // A secret key (tag 5) and a signature (tag 2) are OpenPGP as well.
  ['secret.gpg', Buffer.from([0x95, 1]), 'has no public keys'],
  [
    'keys.asc',
    'x\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n',
    'gpg --output keys.gpg --dearmor keys.asc',
  ],
])('--keyring %s is refused', (name, content, why) => {
  if (content !== null) file(name, content)
  expect(refusal('--release', 'noble', '--keyring', name).join(' ')).toContain(why)
})

test.each([
  [['--release', 'nobel'], '--release does not accept "nobel".', 'Did you mean noble?'],
  [['--release', 'xyz'], '--release does not accept "xyz".', 'create-base-image releases'],
  [['--release', 'noble', '--distro', 'debian'], '--release noble is ubuntu, not debian.', 'Leave'],
  [['--distro', 'mint'], '--distro does not accept "mint".', 'ubuntu, debian'],
  [['--variant', 'tiny'], '--variant: Ubuntu has no variant "tiny".', 'minbase, standard, buildd'],
  [['--bootstrap', 'root'], '--bootstrap does not accept "root".', 'built-in'],
])('%j is refused with what to do', (argv, message, advice) => {
  const [what, ...todo] = refusal(...argv)
  expect(what).toBe(message)
  expect(todo.join()).toContain(advice)
})

test('a snapshot, a lock and no updates are kept in the answers, and repeated', () => {
  const lock = file('packages.lock', '{}')
  const one = given(
    '--release=bookworm',
    '--snapshot=2026-07-01',
    '--no-updates',
    `--locked=${lock}`,
  )
  expect(one.answers).toMatchObject({
    snapshot: '20260701T000000Z',
    updates: false,
    locked: join(folder, lock),
  })
  expect(savedAnswers(one.answers)).toMatchObject({
    snapshot: '20260701T000000Z',
    updates: 'no',
    locked: './packages.lock',
  })
  expect(commandWordsOf(commandLineOf(one)).slice(2)).toEqual([
    '--yes',
    '--release',
    'bookworm',
    '--variant',
    'minbase',
    '--no-slim',
    '--no-updates',
    '--snapshot',
    '20260701T000000Z',
    '--locked',
    'packages.lock',
  ])
  file('answers.json', JSON.stringify(savedAnswers(one.answers)))
  expect(given('--answers=answers.json').answers).toEqual(one.answers)
})

test('what is no date, and both of two opposites, are refused', () => {
  expect(refusal('--release=bookworm', '--snapshot=lately')[0]).toBe(
    '--snapshot "lately" is not a date.',
  )
  expect(refusal('--release=bookworm', '--updates', '--no-updates')[0]).toContain(
    'contradict each other',
  )
})

test('a lock says what the flags leave open, and the flags win', () => {
  const suites = [{ role: 'release', archive: 'http://mirror.example/debian' }]
  file(
    'other.lock',
    JSON.stringify({
      distribution: 'debian',
      codename: 'trixie',
      architecture: 'arm64',
      variant: 'buildd',
      include: ['curl', 'git'],
      slim: true,
      suites,
    }),
  )
  const locked = (...argv: string[]) =>
    givenBy(withLock(parseFlags(['--locked=other.lock', ...argv]), folder), folder).answers
  expect(locked()).toMatchObject({
    distro: 'debian',
    release: 'trixie',
    arch: 'arm64',
    variant: 'buildd',
    include: ['curl', 'git'],
    slim: true,
    updates: false,
    mirror: 'http://mirror.example/debian',
  })
  expect(locked('--no-slim', '--include=jq', '--release=bookworm')).toMatchObject({
    release: 'bookworm',
    include: ['jq'],
    slim: false,
  })
  for (const [text, why] of [
    ['no', 'it is not JSON'],
    ['{}', 'it names no release'],
  ] as const) {
    file('bad.lock', text)
    expect(() => withLock(parseFlags(['--locked=bad.lock']), folder)).toThrow(why)
  }
  expect(() => withLock(parseFlags(['--locked=none.lock']), folder)).toThrow('it is not there')
})
