import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endOf, useDemo, whole } from './demo.ts'
import { KEY, type Terminal } from './terminal.ts'

const demo = useDemo()

/** The questions of the shortest way, in their order. */
const QUESTIONS = [
  /What kind of base image\?/,
  /Which program goes in\?/,
  /Does it need anything besides itself\?/,
  /Which C library/,
  /Where is it compiled\?/,
  /What should the image be called\?/,
  /Which folder for the project\?/,
  /Ready to run\?/,
] as const

const enterUpTo = async (terminal: Terminal, count: number): Promise<string> => {
  for (const question of QUESTIONS.slice(0, count)) {
    await terminal.waitFor(question)
    terminal.write(KEY.enter)
  }
  return terminal.waitFor(whole(QUESTIONS[count]!))
}

test('Enter alone leads through every question to the run with every default', async () => {
  const terminal = demo.open()
  await enterUpTo(terminal, 7)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({
    kind: 'run',
    force: false,
    given: {
      answers: { kind: 'minimal', tag: 'hello', program: { kind: 'bundled' }, compileIn: 'host' },
      programNamed: false,
    },
  })
})

test('arrows and number keys choose, and only the questions that matter are asked', async () => {
  const terminal = demo.open()
  await terminal.waitFor(QUESTIONS[0])
  terminal.write(KEY.enter)
  await terminal.waitFor(QUESTIONS[1])
  terminal.write('4')
  await terminal.waitFor(/❯ Two system calls/)
  terminal.write(KEY.up + KEY.down + KEY.enter)
  await terminal.waitFor(/What does it say\?/)
  terminal.write('Good day')
  await terminal.waitFor(/› Good day/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/image be called/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Which folder/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Ready to run/)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({
    given: { answers: { program: { kind: 'raw', message: 'Good day' } } },
  })
  expect(terminal.raw()).not.toMatch(/Which C library|Where is it compiled|anything besides itself/)
})

test.each([1, 2, 3, 4, 5, 6, 7])(
  'Esc at question %i goes back, and going on again ends in the same screen',
  async count => {
    const terminal = demo.open()
    const there = await enterUpTo(terminal, count)
    terminal.write(KEY.escape)
    await terminal.waitFor(QUESTIONS[count - 1]!)
    terminal.write(KEY.enter)
    expect(await terminal.waitFor(whole(QUESTIONS[count]!))).toBe(there)
  },
)

test('going all the way back and on again keeps every answer and leaves one copy of each', async () => {
  const terminal = demo.open()
  const review = await enterUpTo(terminal, 7)
  for (const question of QUESTIONS.slice(0, 7).toReversed()) {
    terminal.write(KEY.escape)
    await terminal.waitFor(question)
  }
  expect(await enterUpTo(terminal, 7)).toBe(review)
})

test('a typed answer is kept on the way back and on again', async () => {
  const terminal = demo.open(['--program', 'raw'])
  await terminal.waitFor(/image be called/)
  terminal.write(`tool:2${KEY.enter}`)
  await terminal.waitFor(/› \.\/tool/)
  terminal.write(KEY.escape)
  await terminal.waitFor(/› tool:2/)
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(/› \.\/tool/)).toMatch(/Name {7}tool:2/)
})

test('what goes in besides the program is chosen one by one, and shown at the review', async () => {
  const terminal = demo.open()
  await enterUpTo(terminal, 2)
  terminal.write(KEY.down + KEY.enter)
  await terminal.waitFor(whole(/speak https/))
  terminal.write(KEY.up + KEY.enter)
  await terminal.waitFor(whole(/use time zones\?/))
  terminal.write(KEY.escape)
  // Back at the one before, and from there at the choice.
  await terminal.waitFor(whole(/speak https/))
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/❯ Let me choose/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/speak https/))
  terminal.write(KEY.up + KEY.enter)
  await terminal.waitFor(whole(/use time zones\?/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/as a user other than root\?/))
  terminal.write(KEY.up + KEY.enter)
  await terminal.waitFor(whole(/write temporary files\?/))
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(QUESTIONS[3]))).toMatch(/Extras {5}ca-certificates, user\n/)
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/❯ Let me choose/))
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(/speak https/))).toMatch(/❯ Yes/)
  const extras = [/speak https/, /time zones\?/, /as a user/, /temporary files\?/]
  for (const question of [...extras, ...QUESTIONS.slice(3)]) {
    await terminal.waitFor(question)
    terminal.write(KEY.enter)
  }
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({
    given: { answers: { with: ['ca-certificates', 'user'] } },
  })
})

test('a wrong --with becomes the first error of its question', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'bundled', '--with', 'curl'])
  expect(await terminal.waitFor(whole(/anything besides itself\?/))).toMatch(/"curl" is not known/)
})

test('Esc at the first question asks whether to leave', async () => {
  const terminal = demo.open()
  await terminal.waitFor(QUESTIONS[0])
  terminal.write(KEY.escape)
  await terminal.waitFor(/Leave\?/)
  terminal.write(KEY.enter)
  await terminal.waitFor(QUESTIONS[0])
  terminal.write(KEY.escape)
  await terminal.waitFor(/Leave\?/)
  terminal.write(KEY.down + KEY.enter)
  expect(await terminal.exit()).toBe(130)
  expect(endOf(terminal)).toEqual({ kind: 'leave', code: 130 })
})

test('an answer is changed at the review, in its place, and what hangs on it follows', async () => {
  const terminal = demo.open()
  await enterUpTo(terminal, 7)
  terminal.write(KEY.down + KEY.down + KEY.enter)
  await terminal.waitFor(/Which answer\?/)
  terminal.write(`6${KEY.enter}`)
  await terminal.waitFor(/image be called/)
  terminal.write(`other${KEY.enter}`)
  const screen = await terminal.waitFor(whole(/Ready to run/))
  expect(screen).toMatch(/6 Name {7}other\n 7 Folder {5}\.\/other/)
  // Its number does the same at once.
  terminal.write('2')
  await terminal.waitFor(/Which program/)
  terminal.write(KEY.escape)
  expect(await terminal.waitFor(whole(/Ready to run/))).toBe(screen)
})

test('the script only: its kind is asked, and nothing else is done', async () => {
  const terminal = demo.open()
  await enterUpTo(terminal, 7)
  terminal.write(KEY.down.repeat(3) + KEY.enter)
  await terminal.waitFor(/Which kind of script/)
  terminal.write(`3${KEY.enter}`)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({ kind: 'script', script: 'dockerfile' })
})

/** Answers by y and n alone up to the advice to use an official image for a program of some language. */
const upToOfficial = async (): Promise<ReturnType<typeof demo.open>> => {
  const terminal = demo.open()
  await terminal.waitFor(QUESTIONS[0])
  terminal.write(`3${KEY.enter}`)
  await terminal.waitFor(/shell or packages/)
  terminal.write('n')
  await terminal.waitFor(/one static file/)
  terminal.write('n')
  await terminal.waitFor(/every file/)
  terminal.write('n')
  await terminal.waitFor(/Advice: an official image/)
  return terminal
}

test('the advice to use an official image ends with a Dockerfile for it', async () => {
  const terminal = await upToOfficial()
  terminal.write(KEY.enter)
  await terminal.waitFor(/written in\?/)
  terminal.write(`2${KEY.enter}`)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toEqual({ kind: 'official', official: 'node' })
})

test('the advice may also be taken as it is, with its FROM line and exit code 0', async () => {
  const terminal = await upToOfficial()
  terminal.write(`3${KEY.enter}`)
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/FROM\s+python:3-alpine/)
})

test('a wrong flag becomes the first error of its question', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'raw', '--tag', 'My Image'])
  const screen = await terminal.waitFor(whole(/image be called/))
  expect(screen).toMatch(/My Image/)
  expect(screen).toMatch(/it has capital letters/)
  terminal.write(`${KEY.backspace.repeat(8)}mine${KEY.enter}`)
  await terminal.waitFor(/› \.\/mine/)
})

test('a wrong file among the flags is asked for again, and Esc leads to the kinds of program', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'nowhere.c'])
  expect(await terminal.waitFor(whole(/Where is the C file/))).toMatch(
    /There is no file nowhere\.c/,
  )
  terminal.write(KEY.escape)
  await terminal.waitFor(/❯ A C file of yours/)
})

test.each([
  ['in single quotes', (folder: string): string => `'${folder}/my tools/usage.c'`],
  ['in double quotes', (folder: string): string => `"${folder}/my tools/usage.c"`],
  ['with backslashes', (folder: string): string => `${folder}/my\\ tools/usage.c`],
  ['below ~', (): string => '~/my tools/usage.c'],
])('a C file is taken as a shell would take it: %s', async (_, typed) => {
  const folder = demo.folder()
  mkdirSync(join(folder, 'my tools'), { recursive: true })
  writeFileSync(join(folder, 'my tools/usage.c'), 'int main(void) { return 64; }\n')
  const terminal = demo.open(['--kind', 'minimal'], { cols: 120, env: { HOME: folder } })
  await terminal.waitFor(/Which program goes in\?/)
  terminal.write('2')
  await terminal.waitFor(/❯ A C file/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Where is the C file\?/)
  terminal.write(typed(folder))
  await terminal.waitFor(/usage\.c/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/✔ File +.*my tools\/usage\.c/)
})

test('a wrong answer shows its reason and keeps the text', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'raw'])
  await terminal.waitFor(/image be called/)
  terminal.write(`Hello${KEY.enter}`)
  const screen = await terminal.waitFor(whole(/it has capital letters/))
  expect(screen).toMatch(/› Hello\n/)
  expect(screen).toMatch(/Try: hello/)
})

test('without an engine: check again, and go on once it is there', async () => {
  const terminal = demo.open([], { env: { DEMO_ENGINE: 'no', DEMO_RECHECK: 'yes' } })
  await enterUpTo(terminal, 3)
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(/No engine can be used here/))).toMatch(
    /sudo systemctl start docker/,
  )
  terminal.write(KEY.enter)
  await terminal.waitFor(/Where is it compiled/)
})

test('without an engine: go on to an archive, without asking where to compile', async () => {
  const terminal = demo.open([], { env: { DEMO_ENGINE: 'no' } })
  await enterUpTo(terminal, 3)
  terminal.write(KEY.enter)
  await terminal.waitFor(/No engine can be used here/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Checked again/)
  terminal.write(KEY.down + KEY.enter)
  await terminal.waitFor(/image be called/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Which folder/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Ready to run/)
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(endOf(terminal)).toMatchObject({ given: { answers: { engine: 'none' } } })
})

test('what the machine lacks stands at the review, which leads to the answers', async () => {
  const terminal = demo.open(['--kind', 'minimal', '--program', 'raw', '--tag', 'impossible'])
  await terminal.waitFor(/Which folder/)
  terminal.write(KEY.enter)
  expect(await terminal.waitFor(whole(/can't run as it is/))).toMatch(/No image has that name here/)
  terminal.write(KEY.enter)
  await terminal.waitFor(/Which answer/)
})
