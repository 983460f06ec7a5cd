import { expect, test } from 'vitest'
import { splitAtDashes } from '../../src/ask/dashes.ts'
import { parseFlags } from '../../src/ask/flags.ts'

test.each([
  [['--', '--yes'], ['--yes'], []],
  [['--', 'my-app', '--yes'], ['my-app', '--yes'], []],
  [['my-app', '--', '--yes'], ['my-app', '--yes'], []],
  [['--', '--', '--yes'], ['--yes'], []],
  [['--'], [], []],
  [['--', 'inspect', 'file'], ['inspect', 'file'], []],
  [['--yes', '--'], ['--yes'], []],
  [['--yes', '--', 'FILE', '-v'], ['--yes'], ['FILE', '-v']],
  [['my-app', '--', '--yes', '--', '--help'], ['my-app', '--yes'], ['--help']],
  [['--yes', '--', 'a', '--', 'b'], ['--yes'], ['a', '--', 'b']],
])('of %j is ours %j, and for the program %j', (argv, own, words) => {
  expect(splitAtDashes(argv)).toEqual({ own, words })
})

test('no word for the program is taken for a flag or a folder', () => {
  expect(parseFlags(['--yes', '--', '--tag', 'x'])).toEqual({
    questions: {},
    switches: { yes: true },
    words: ['--tag', 'x'],
  })
})
