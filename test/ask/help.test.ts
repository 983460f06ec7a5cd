import { expect, test } from 'vitest'
import { EXIT } from '../../src/errors.ts'
import { commands } from '../../src/ask/commands.ts'
import { commandHelp, helpText } from '../../src/ask/help.ts'
import { questionFlags } from '../../src/ask/question-flags.ts'
import { ARCHES } from '../../src/catalog/arches.ts'
import { questions, type QuestionName } from '../../src/ask/questions/index.ts'
import { EXTRAS } from '../../src/ask/questions/with.ts'
import { switches } from '../../src/ask/switches.ts'
import { STANDARD_DISTRO } from '../../src/catalog/releases.ts'

test.each([40, 80, 120])(
  'help names every flag, begins with examples, and fits %d columns',
  width => {
    const text = helpText(width)
    for (const { name } of [...Object.values(questions), ...switches]) {
      expect(text).toContain(name === 'directory' ? '[directory]' : `--${name}`)
    }
    expect(text.indexOf('npx create-base-image --yes')).toBeLessThan(text.indexOf('Usage'))
    // What a person types is not broken.
    const lines = text
      .split('\n')
      .filter(line => width >= 80 || !/create-base-image|--|\d {3}/.test(line))
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width)
  },
)

test('help has the questions, their values and defaults as they are', () => {
  expect(questionFlags().map(({ name }) => name)).toEqual(Object.keys(questions))
  for (const flag of questionFlags())
    expect(questions[flag.name as QuestionName]).toMatchObject(flag)
  expect(questions.with.value).toBe(EXTRAS.join(','))
  expect(ARCHES).toEqual(expect.arrayContaining(questions.arch.value.split('|').slice(0, -1)))
  expect(questions.distro.standard).toBe(STANDARD_DISTRO)
})

test('every exit code is named', () => {
  const closing = helpText(80).split('Exit codes')[1] ?? ''
  for (const code of Object.values(EXIT)) expect(closing).toMatch(new RegExp(`\\b${code} [a-z]`))
})

test.each(commands)('help $name says how it is typed, what it does, and every flag', command => {
  const text = commandHelp(command, 80)
  expect(text).toContain(`create-base-image ${command.name}`)
  for (const { name } of command.flags) expect(text).toContain(`--${name}`)
  for (const line of text.split('\n').filter(line => !line.includes('npx')))
    expect(line.length, line).toBeLessThanOrEqual(80)
})
