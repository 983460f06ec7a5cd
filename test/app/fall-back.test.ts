import { expect, test } from 'vitest'
import { fallBackFrom } from '../../src/app/fall-back.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import type { RunEnd } from '../../src/run/run.ts'

const given = (...words: string[]) =>
  givenBy(parseFlags(['--kind', 'full', '--release', 'bookworm', ...words]), '/home/ada')

const failed = (code: string): RunEnd => ({
  exitCode: 1,
  change: false,
  failure: {
    type: 'step-failed',
    step: 'make',
    seconds: 1,
    exitCode: null,
    message: 'no',
    lastLines: [],
    remedy: { code, what: '', todo: [], lacks: false },
    repeat: '',
    log: '',
  },
})

const refused = failed('configure-failed')
const packed: RunEnd = { ...refused, failure: { ...refused.failure!, step: 'pack' } }

test('a tree that dpkg refuses is made by debootstrap, with all other answers as they were', () => {
  const asked = given('--slim', '--include', 'less')
  const other = fallBackFrom(asked, failed('configure-failed'))
  expect(other).toEqual({
    ...asked,
    answers: { ...asked.answers, bootstrap: 'debootstrap', updates: true },
  })
  const alone = fallBackFrom(given('--no-updates'), failed('configure-failed'))
  expect(alone?.answers).toMatchObject({ bootstrap: 'debootstrap', updates: false })
})

test.each<readonly [string, string[], RunEnd]>([
  ['a way that was asked for', ['--bootstrap', 'built-in'], failed('configure-failed')],
  [
    'a snapshot, which debootstrap has none of',
    ['--snapshot', '2026-07-01'],
    failed('configure-failed'),
  ],
  ['a network that is gone', [], failed('unreachable')],
  ['a run without network', ['--offline'], failed('configure-failed')],
  ['a run without an engine', [], packed],
  ['an engine that refuses', [], failed('engine-refused')],
  ['a run that went well', [], { exitCode: 0, change: false }],
])('%s is left as it is', (_, words, end) => {
  expect(fallBackFrom(given(...words), end)).toBeNull()
})

test('who is asked may leave the way that was chosen', () => {
  const asked = given('--bootstrap', 'built-in')
  const end = failed('configure-failed')
  expect(fallBackFrom(asked, end, true)?.answers).toMatchObject({ bootstrap: 'debootstrap' })
})
