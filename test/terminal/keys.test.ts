import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { endOf, NODE, useDemo, whole } from './demo.ts'
import { KEY, type Terminal } from './terminal.ts'

const demo = useDemo()

const MINIMAL = ['--kind', 'minimal']
const RAW = [...MINIMAL, '--program', 'raw']

/** Every kind of question, and the flags that make it the first one. */
const PROMPTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/What kind of base image\?/, []],
  [/Which program goes in\?/, MINIMAL],
  [/Where is the C file\?/, [...MINIMAL, '--program', 'nowhere.c']],
  [/Does it need anything besides itself\?/, [...MINIMAL, '--program', '.built/dist/demo.mjs']],
  [
    /Which C library/,
    [...MINIMAL, '--program', '.built/dist/demo.mjs', '--with', 'user', '--libc', 'other'],
  ],
  [/What should the image be called\?/, RAW],
  [/Which folder/, [...RAW, '--tag', 'a']],
  [/Ready to run\?/, [...RAW, '--tag', 'a', 'folder']],
]

const CURSOR = /\u001b\[\?25[hl]/g

/** Runs the demo under a shell that tells, when it has ended, how the terminal was left. */
const AND_TELL =
  '"$0" "$@"; echo "code $?"; stty -a | tr " ;" "\\n\\n" | grep -xE -- "-?(icanon|echo|isig)" | xargs echo modes'

const expectGivenBack = async (terminal: Terminal, code: number): Promise<void> => {
  await terminal.exit()
  expect(terminal.screen()).toContain(`code ${code}`)
  expect(terminal.screen()).toMatch(/modes isig icanon echo/)
  expect(terminal.raw().match(CURSOR)?.at(-1)).toBe('\u001b[?25h')
}

test.each(PROMPTS)(
  'Ctrl-C at %s leaves with 130 and the terminal as it was',
  async (prompt, args) => {
    const terminal = demo.open(args, { shell: AND_TELL })
    await terminal.waitFor(whole(prompt))
    terminal.write(KEY.ctrlC)
    await expectGivenBack(terminal, 130)
  },
)

test('Ctrl-D on an empty line leaves; with a text in it, it deletes', async () => {
  const terminal = demo.open(RAW, { shell: AND_TELL })
  await terminal.waitFor(whole(/image be called/))
  terminal.write(`xab${KEY.left.repeat(3)}${KEY.ctrlD}`)
  await terminal.waitFor(/› ab\n/)
  terminal.write(`${KEY.backspace}${KEY.ctrlD}${KEY.ctrlD}`)
  await terminal.waitFor(/› hello\n/)
  terminal.write(KEY.ctrlD)
  await expectGivenBack(terminal, 130)
})

test('Ctrl-D leaves a list', async () => {
  const terminal = demo.open([], { shell: AND_TELL })
  await terminal.waitFor(whole(/What kind/))
  terminal.write(KEY.ctrlD)
  await expectGivenBack(terminal, 130)
})

test('Esc acts before a key that is pressed after it', async () => {
  const terminal = demo.open()
  await terminal.waitFor(whole(/What kind/))
  terminal.write(KEY.enter)
  await terminal.waitFor(whole(/Which program/))
  terminal.write(KEY.escape)
  await terminal.waitFor(whole(/What kind/))
  terminal.write(KEY.down)
  await terminal.waitFor(/❯ Full/)
})

test('Ctrl-Z gives the terminal to the shell, and fg goes on with the question', async () => {
  const terminal = demo.open([], { shell: 'PS1="shell> " exec -a "$0" bash --norc -i' })
  await terminal.waitFor(/shell>/)
  terminal.write(`${NODE} .built/dist/demo.mjs --kind minimal --program raw\r`)
  await terminal.waitFor(whole(/image be called/))
  terminal.write(`mine${KEY.ctrlZ}`)
  await terminal.waitFor(/Stopped[^]*shell>$/)
  terminal.write('echo in the $((40 + 2)) shell\r')
  await terminal.waitFor(/in the 42 shell/)
  terminal.write('fg\r')
  await terminal.waitFor(/› mine\n[^]*Ctrl-C leave$/)
  terminal.write(`d${KEY.enter}`)
  await terminal.waitFor(whole(/› \.\/mined/))
  terminal.write(KEY.ctrlC)
  await terminal.waitFor(/"code":130/)
  terminal.write('exit\r')
  await terminal.exit()
})

test('a long paste arrives whole, and what follows its first line break is dropped', async () => {
  const terminal = demo.open([...RAW, '--tag', 'a'])
  await terminal.waitFor(whole(/Which folder/))
  const path = `./${'0123456789/'.repeat(60)}end`
  terminal.write(`${path}${KEY.enter}second line${KEY.enter}`)
  await terminal.waitFor(whole(/Ready to run/))
  terminal.write(KEY.enter)
  expect(await terminal.exit()).toBe(0)
  expect(JSON.stringify(endOf(terminal))).toContain(`${path.slice(2)}"`)
})

test('Backspace takes a whole emoji, with all its parts', async () => {
  const terminal = demo.open(MINIMAL)
  await terminal.waitFor(whole(/Which program/))
  terminal.write(`4${KEY.enter}`)
  await terminal.waitFor(whole(/What does it say/))
  terminal.write(`a👩‍👩‍👧é世${KEY.backspace.repeat(3)}b${KEY.enter}`)
  await terminal.waitFor(whole(/image be called/))
  expect(terminal.screen()).toMatch(/Text {7}ab\n/)
})

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s gives the terminal back and ends the process with %i', async (signal, code) => {
  const terminal = demo.open([], { shell: AND_TELL })
  await terminal.waitFor(whole(/What kind/))
  const child = execFileSync('pgrep', ['-P', String(terminal.pid)], { encoding: 'utf8' })
  process.kill(Number(child), signal)
  await expectGivenBack(terminal, code)
})

test('without a terminal on stdin it says so and does not hang', async () => {
  const terminal = demo.open([], { shell: '"$0" "$@" </dev/null; echo "code $?"' })
  await terminal.exit()
  expect(terminal.screen()).toMatch(/Questions need a terminal[^]*code 2/)
})

test('NO_COLOR leaves no colour code', async () => {
  const terminal = demo.open([], { env: { FORCE_COLOR: '0' } })
  await terminal.waitFor(whole(/What kind/))
  terminal.write(KEY.ctrlC)
  expect(await terminal.exit()).toBe(130)
  expect(terminal.raw()).not.toMatch(/\u001b\[[0-9;]*m/)
})
