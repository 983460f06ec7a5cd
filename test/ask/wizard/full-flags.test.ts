import { expect, test } from 'vitest'
import { standardRelease } from '../../../src/catalog/releases.ts'
import { today } from '../../../src/ask/today.ts'
import { wizard } from './scripted.ts'

const messages = ({ asked }: Awaited<ReturnType<typeof wizard>>): string[] =>
  asked.map(({ message }) => message)

test('a named release answers the kind and the distribution too', async () => {
  const session = await wizard(['--release', '12', '--slim'], [])
  expect(messages(session).slice(0, 2)).toEqual([
    'How many of its packages go in?',
    'Any other packages?',
  ])
  expect(session.answers).toMatchObject({ distro: 'debian', release: 'bookworm', slim: true })
  expect(session.last(/Ready to run/).above).toEqual([
    'create-base-image',
    'Kind Full',
    'Release 12 bookworm',
    'Packages The least that apt works with',
    'Documents Left out',
    'Besides Nothing',
    'Made Fast and current (made by us)',
    'Name my-bookworm',
    'Folder ./my-bookworm',
    'review of my-bookworm',
  ])
})

test('--distro alone leaves its releases to choose from', async () => {
  const session = await wizard(['--distro', 'debian'], [])
  expect(messages(session)[0]).toBe('Which release?')
  expect(session.answers.release).toBe(standardRelease('debian', today()).codename)
})

test('a release that is not known leads to the one that was meant', async () => {
  const { last, answers, asked } = await wizard(['--release', 'bookwrm'], [])
  expect(asked[0]).toMatchObject({ message: 'Which distribution?', initial: 'debian' })
  expect(last(/Which release/)).toMatchObject({
    problem: ['"bookwrm" is not known.', 'Did you mean bookworm?'],
    initial: 'bookworm',
  })
  expect(answers.release).toBe('bookworm')
})

test('a release of another distribution than the named one is asked for again', async () => {
  const { asked, answers } = await wizard(['--release', 'noble', '--distro', 'Debian'], [])
  expect(asked[0]).toMatchObject({
    message: 'Which release?',
    problem: ['Noble is ubuntu, not debian.'],
  })
  expect(answers.distro).toBe('debian')
})

test.each([
  [['--kind', 'minimal', '--release', 'noble'], '--kind minimal', '--release'],
  [['--program', 'raw', '--no-slim'], '--program', '--no-slim'],
])('%j: which kind is meant is asked, and the other flags fall away', async (argv, one, other) => {
  const { asked, end } = await wizard(argv, [['What kind', 'minimal']])
  expect(asked[0]).toMatchObject({
    message: 'What kind of base image?',
    problem: [`${one} asks for a minimal image, and ${other} for a full one.`],
  })
  expect(end).toMatchObject({ kind: 'run', given: { answers: { kind: 'minimal' } } })
  const full = await wizard(argv, [['What kind', 'full']])
  expect(full.answers.kind).toBe('full')
})

test('a wrong mirror is asked for again without its password, and Enter on an empty line does without', async () => {
  const argv = ['--release', 'noble', '--mirror', 'ftp://me:secret@mirror.example/ubuntu']
  const { last, answers, asked } = await wizard(argv, [
    ['Which mirror', 'http://me:secret@mirror.example/ubuntu/'],
  ])
  expect(last(/Which mirror/).initial).toBe('ftp://mirror.example/ubuntu')
  expect(JSON.stringify(asked)).not.toContain('secret')
  expect(answers.mirror).toBe('http://me:secret@mirror.example/ubuntu')
  expect((await wizard(argv, [['Which mirror', '']])).answers.mirror).toBeNull()
})

test('a mirror among the flags can be changed at the review, and shows no password', async () => {
  const argv = ['--release', 'noble', '--mirror', 'http://me:secret@mirror.example/ubuntu']
  const { asked, answers, last } = await wizard(argv, [
    ['Ready to run', 'change'],
    ['Which answer', 'mirror'],
    ['Which mirror', 'http://other.example/ubuntu'],
  ])
  expect(last(/Which mirror/).initial).toBe('http://mirror.example/ubuntu')
  expect(last(/Which answer/).options.map(({ label }) => label)).toContain(
    'Mirror     http://mirror.example/ubuntu',
  )
  expect(JSON.stringify(asked)).not.toContain('secret')
  expect(answers.mirror).toBe('http://other.example/ubuntu')
})

test.each([
  ['--release=bookworm', true],
  ['--release=sid', false],
  ['--distro=kali', false],
  ['--distro=alpine', false],
])('%s: what to take of updates is asked only where there are any', async (which, isAsked) => {
  const { asked, answers } = await wizard(
    [which, '--no-updates'],
    [
      ['Ready to run', 'change'],
      ['Which answer', 'updates'],
      ...(isAsked ? [['With updates', 'yes'] as const] : []),
    ],
  )
  expect(asked.some(({ message }) => message.startsWith('With updates'))).toBe(isAsked)
  expect(answers.updates).toBe(isAsked ? true : null)
})
