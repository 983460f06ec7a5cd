import { describe, expect, test } from 'vitest'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { resolve, type ResolveQuestion } from '../../../src/bootstrap/deb/resolve.ts'
import { smallIndex, type Row } from './small-index.ts'

const ROWS: readonly Row[] = [
  ['base-files 12 required', { Essential: 'yes', Depends: 'libc6 (>= 2), awk' }],
  ['libc6 2.36 optional', { 'Pre-Depends': 'libgcc-s1', Section: 'libs' }],
  ['libgcc-s1 12 optional', { Section: 'libs' }],
  ['mawk 1.3 required', { Provides: 'awk', Depends: 'libc6' }],
  ['init-system 1 required', { Depends: 'usrmerge | usr-is-merged' }],
  ['usr-is-merged 35 optional'],
  ['usrmerge 35 optional', { Depends: 'perl' }],
  ['apt 2.6 important', { Depends: 'libc6, adduser | passwd' }],
  ['adduser 3 important', { Depends: 'passwd' }],
  ['passwd 4 required'],
  ['cron 3 important', { Depends: 'mail-agent' }],
  ['build-essential 12', { Depends: 'gcc' }],
  ['gcc 12', { Depends: 'libc6:any' }],
  ['exim 4', { Provides: 'mail-agent', Depends: 'libc6', Conflicts: 'mail-agent' }],
  ['postfix 3', { Provides: 'mail-agent', Conflicts: 'mail-agent' }],
  ['nginx 1.22', { Depends: 'nginx-common (= 1.22)' }],
  ['nginx-common 1.22', { Architecture: 'all' }],
  ['broken 1', { Depends: 'libc6 (>= 99) | nothing' }],
  ['openssl 3', { Depends: 'libssl3, perl' }],
  ['libssl3 3', { Section: 'libs', Depends: 'libc6, debconf' }],
  ['debconf 1', { Section: 'admin' }],
  ['perl 5'],
  ['tzdata 2024', { Depends: 'debconf' }],
]

const index = smallIndex({
  bookworm: { rows: ROWS },
  'bookworm-security': {
    role: 'security',
    rows: [['nginx-common 1.22.1'], ['nginx 1.22.1', { Depends: 'nginx-common (= 1.22.1)' }]],
  },
})

const ask = (question: Partial<ResolveQuestion> = {}) => {
  const { required, base, extras } = resolve(
    {
      distribution: 'debian',
      codename: 'bookworm',
      architecture: 'amd64',
      variant: 'minbase',
      include: [],
      exclude: [],
      sources: [],
      ...question,
    },
    index,
  )
  const names = (list: typeof required) => list.map(one => one.name).join(' ')
  return { required: names(required), base: names(base), extras: names(extras) }
}

const refusal = (question: Partial<ResolveQuestion>): BootstrapError => {
  try {
    ask(question)
  } catch (error) {
    return error as BootstrapError
  }
  throw new Error('It was not refused.')
}

const REQUIRED = 'base-files init-system libc6 libgcc-s1 mawk passwd usr-is-merged'

test('minbase: required, apt, first alternatives, no virtual names, usr-is-merged for usrmerge', () => {
  expect(ask()).toEqual({ required: REQUIRED, base: 'adduser apt', extras: '' })
})

test('buildd and essential', () => {
  expect(ask({ variant: 'buildd' }).base).toBe('adduser apt build-essential gcc')
  expect(ask({ variant: 'essential' })).toEqual({
    required: 'base-files libc6 libgcc-s1 mawk usr-is-merged',
    base: '',
    extras: '',
  })
})

test('a set that lacks what debootstrap passes over fails early, with names', () => {
  expect(refusal({ variant: 'standard' })).toMatchObject({
    code: 'dependency-unmet',
    message: 'These packages do not go together:\ncron 3 needs mail-agent',
  })
})

test('extras are apart from the variant, in their newest versions', () => {
  expect(ask({ include: ['nginx, mawk'] })).toMatchObject({
    base: 'adduser apt',
    extras: 'nginx nginx-common',
  })
})

test('an extra that needs a virtual package gets the first that provides it', () => {
  expect(ask({ include: ['cron'] }).extras).toBe('cron exim')
  expect(ask({ include: ['cron postfix'] }).extras).toBe('cron postfix')
})

test('versions and suites that are named are taken, and must go together', () => {
  const found = (include: string) =>
    resolve(
      {
        distribution: 'debian',
        codename: 'bookworm',
        architecture: 'amd64',
        variant: 'minbase',
        include: [include],
        exclude: [],
        sources: [],
      },
      index,
    ).extras.map(({ version }) => version)
  expect(found('nginx=1.22,nginx-common=1.22')).toEqual(['1.22', '1.22'])
  expect(found('nginx/bookworm nginx-common/bookworm')).toEqual(['1.22', '1.22'])
  expect(() => found('nginx=1.22')).toThrow('nginx 1.22 needs nginx-common (= 1.22)')
})

test('each include that can not be taken is refused, by name, with what resembles it', () => {
  const { code, message, todo } = refusal({
    include: ['ngnix mail-agent', 'nginx=9', 'passwd:arm64', 'Bad!', 'apt'],
  })
  expect(code).toBe('include-unknown')
  expect(message.split('\n')).toEqual([
    'There is no package ngnix in the suites and components that are used.',
    'mail-agent is a virtual package; several provide it: exim, postfix.',
    'nginx=9 is not there.',
    'passwd:arm64 is for another architecture than amd64.',
    'Bad! is not a package name.',
  ])
  expect(todo).toContain('Instead of ngnix, did you mean nginx?')
  expect(todo).toContain(
    'There is nginx=1.22.1 (nginx/bookworm-security), nginx=1.22 (nginx/bookworm).',
  )
})

test('a virtual name that one package provides stands for it', () => {
  expect(ask({ include: ['awk'] }).extras).toBe('')
})

test('what nothing satisfies is told with the dependency', () => {
  expect(refusal({ include: ['broken'] }).message).toContain(
    'broken 1 needs libc6 (>= 99) or nothing',
  )
})

test('packages that exclude each other are told', () => {
  expect(refusal({ include: ['exim,postfix'] }).message).toContain('exim 4 excludes postfix 3')
})

test('exclude: what nothing needs goes, what is needed is refused, what is unknown too', () => {
  expect(ask({ exclude: ['init-system'] }).required).not.toContain('init-system')
  expect(refusal({ exclude: ['libc6'] })).toMatchObject({
    code: 'exclude-needed',
    message: expect.stringContaining("libc6 can't be left out: ") as string,
  })
  expect(refusal({ exclude: ['mwk'] }).todo).toEqual(['Did you mean mawk?'])
})

describe('distroless', () => {
  const rows: readonly Row[] = [
    ...ROWS,
    ['netbase 6'],
    ['ca-certificates 2023', { Depends: 'openssl, debconf' }],
    [
      'python3 3.11',
      { Depends: 'python3-minimal (= 3.11), libpython3-stdlib, debconf | debconf-2.0' },
    ],
    ['python3-minimal 3.11', { 'Pre-Depends': 'dpkg (>= 1.20)', Depends: 'libc6' }],
    ['libpython3-stdlib 3.11', { Section: 'python' }],
    ['dpkg 1.21 required'],
    ['mailer 1', { Depends: 'mail-agent' }],
  ]
  const ask = (include: readonly string[] = [], exclude: readonly string[] = [], all = rows) =>
    resolve(
      {
        distribution: 'debian',
        codename: 'bookworm',
        architecture: 'amd64',
        variant: 'distroless',
        include,
        exclude,
        sources: [],
      },
      smallIndex({ bookworm: { rows: all } }),
    )
  const base = (...of: Parameters<typeof ask>) => {
    const { required, base, extras } = ask(...of)
    expect([required, extras]).toEqual([[], []])
    return base.map(({ name }) => name).join(' ')
  }

  test('its own packages with the libraries that they link, and nothing that their scripts would call', () => {
    expect(base()).toBe('base-files ca-certificates libc6 libgcc-s1 netbase tzdata')
    expect(base([], ['tzdata'])).toBe('base-files ca-certificates libc6 libgcc-s1 netbase')
  })

  test('what is included comes with all that it depends on, but for what serves scripts alone', () => {
    expect(base(['python3'])).toBe(
      'base-files ca-certificates libc6 libgcc-s1 libpython3-stdlib netbase python3 python3-minimal tzdata',
    )
    expect(base(['mailer,debconf'])).toContain('ca-certificates debconf exim libc6')
  })

  test('a need that nothing fills is refused, and so is a mirror that lacks a part', () => {
    expect(() => ask(['broken'])).toThrow('broken 1 needs libc6 (>= 99) or nothing')
    expect(() => ask([], [], ROWS)).toThrow('bookworm has no ca-certificates, netbase for amd64')
  })
})

test('an https mirror needs ca-certificates, and an architecture without packages is told', () => {
  const source = {
    archive: 'https://m/debian',
    suite: 'bookworm',
    components: ['main'],
    role: 'release',
    optional: false,
  } as const
  expect(ask({ sources: [source] }).base).toBe('adduser apt')
  const empty = smallIndex({ bookworm: { rows: [] } })
  const question = {
    distribution: 'debian',
    codename: 'bookworm',
    architecture: 's390x',
    variant: 'minbase',
    include: [],
    exclude: [],
    sources: [],
  } as const
  expect(() => resolve(question, empty)).toThrow('bookworm has no base system for s390x there.')
})
