import { expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { questions } from '../../src/ask/questions/index.ts'
import { savedAnswers } from '../../src/ask/saved.ts'
import { commandLineOf, commandWordsOf } from '../../src/plan/command-line.ts'
import { splitWords } from '../../src/text/shell-words.ts'

const given = (...argv: string[]) => givenBy(parseFlags(argv), '/home/ada')

const ALL = [
  '--entrypoint',
  '/hello --greet "a b"',
  '--cmd',
  '["x","y\\"z"]',
  '--env',
  'A=1',
  '--env',
  'B=two words',
  '--env',
  'A=$2',
  '--expose',
  '80',
  '--expose',
  '53/udp',
  '--user',
  '1000:1000',
  '--label',
  'a.b/c=d=e',
]

test('commands are read as a shell or JSON writes them, and what may be repeated keeps the last of a name', () => {
  expect(given(...ALL).answers.settings).toEqual({
    entrypoint: ['/hello', '--greet', 'a b'],
    cmd: ['x', 'y"z'],
    env: ['A=$2', 'B=two words'],
    expose: ['80/tcp', '53/udp'],
    user: '1000:1000',
    label: ['a.b/c=d=e'],
  })
})

test.each([ALL, ['--kind', 'full', ...ALL], ['--cmd', '/hello -- -x', '--env', 'A=']])(
  'the command line that repeats %j, and answers.json, say the same again',
  (...argv) => {
    const one = given(...argv)
    const again = commandWordsOf(commandLineOf(one)).slice(2)
    expect(givenBy(parseFlags(again), '/home/ada').answers).toEqual(one.answers)
    const { version: _, ...texts } = savedAnswers(one.answers)
    const flags = { ...parseFlags([]), questions: texts as Record<string, string> }
    expect(givenBy(flags, '/home/ada').answers).toEqual(one.answers)
  },
)

test.each([
  ['entrypoint', '"open', 'is not a command'],
  ['cmd', '[1]', 'is not a command'],
  ['cmd', ' ', 'is not a command'],
  ['env', 'PATH', 'is not a name with a value'],
  ['env', '1A=b', 'is not a name with a value'],
  ['label', '=b', 'is not a name with a value'],
  ['expose', '0', 'is not a port'],
  ['expose', '80-90', 'is not a port'],
  ['expose', '65536', 'is not a port'],
  ['user', 'a b', 'is not a user'],
] as const)('--%s %j is refused', (name, text, why) => {
  expect(() => questions[name].parse(text, '/')).toThrow(why)
})

test.each([
  [['--cmd', '--port 80'], '--cmd begins with --port'],
  [['--entrypoint', 'server'], '--entrypoint begins with server'],
  [['--user', 'ada'], 'has no user of that name'],
  [['--with', 'user', '--user', 'ada'], 'has no user of that name'],
])('a scratch image refuses %j', (argv, why) => {
  expect(() => given('--program', 'raw', ...argv)).toThrow(why)
})

test('a scratch image knows numbers, and names that were put in', () => {
  expect(given('--user', '0:0').answers.settings.user).toBe('0:0')
  expect(given('--with', 'user', '--user', 'nonroot').answers.settings.user).toBe('nonroot')
  expect(
    given('--kind', 'full', '--user', 'www-data', '--cmd', 'top').answers.settings,
  ).toMatchObject({ user: 'www-data', cmd: ['top'] })
})

test('a line is split as a shell does', () => {
  expect(splitWords(` a 'b c' "d \\"e\\"" f\\ g''h `)).toEqual(['a', 'b c', 'd "e"', 'f gh'])
  expect(splitWords(`a 'b`)).toBeNull()
  expect(splitWords('')).toEqual([])
})
