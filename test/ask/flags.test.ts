import { expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { UsageError } from '../../src/errors.ts'

const refusal = (argv: string[]): UsageError => {
  try {
    parseFlags(argv)
  } catch (error) {
    return error as UsageError
  }
  throw new Error(`${argv.join(' ')} was taken`)
}

test('flags, switches and the directory are told apart', () => {
  expect(parseFlags(['my dir', '--tag', 'a:1', '-y', '--libc=musl'])).toEqual({
    questions: { directory: 'my dir', tag: 'a:1', libc: 'musl' },
    switches: { yes: true },
    words: [],
  })
})

test('a yes-or-no question is answered by its flag or its no- form', () => {
  expect(parseFlags(['--slim']).questions).toEqual({ slim: 'yes' })
  expect(parseFlags(['--no-slim']).questions).toEqual({ slim: 'no' })
})

test('a folder with a leading dash is given as a path', () => {
  expect(parseFlags(['--yes', './-odd']).questions.directory).toBe('./-odd')
})

test('npm create keeps --yes for itself and tells of it in the environment', () => {
  const env = { npm_command: 'init', npm_config_yes: 'true' }
  expect(parseFlags([], env).switches.yes).toBe(true)
  expect(parseFlags([], { ...env, npm_command: 'run' }).switches.yes).toBeUndefined()
})

test.each([
  [['--tga', 'x'], 'There is no flag --tga.', 'Did you mean --tag?'],
  [['--nonsense'], 'There is no flag --nonsense.', 'See --help for all flags.'],
  [['-x'], 'There is no flag -x.', 'See --help for all flags.'],
  [['--tag'], '--tag needs a value.', 'Write it as --tag <name[:tag]>.'],
  [['--tag='], '--tag needs a value.', 'Write it as --tag <name[:tag]>.'],
  [['--yes=no'], '--yes takes no value.', undefined],
  [['--report'], '--report needs a value.', 'Write it as --report <file.html>.'],
  [
    ['--slim', '--no-slim'],
    '--slim and --no-slim contradict each other.',
    'Leave one of the two out.',
  ],
  [['--slim', '--slim'], '--slim is given twice.', 'Leave one of the two out.'],
  [['--slim=yes'], '--slim takes no value.', undefined],
  [['--no-slm'], 'There is no flag --no-slm.', 'Did you mean --no-slim?'],
  [['--tag', 'a', '--tag', 'b'], '--tag is given twice.', 'Leave one of the two out.'],
  [['--yes', '-y'], '--yes is given twice.', 'Leave one of the two out.'],
  [
    ['--plan', '--script', 'sh'],
    '--plan and --script print different things.',
    'Leave one of the two out.',
  ],
  [
    ['a', 'b'],
    'Only one directory can be given, and here are two: a and b.',
    'Quote a path that has spaces in it.',
  ],
])('%j is refused with its reason', (argv, message, advice) => {
  const error = refusal(argv)
  expect(error).toBeInstanceOf(UsageError)
  expect([error.message, error.todo[0]]).toEqual([message, advice])
})
