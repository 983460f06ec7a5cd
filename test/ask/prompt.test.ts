import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Leave } from '../../src/ask/asker.ts'
import { promptAsker } from '../../src/ask/prompt.ts'

/** A stdin that looks like a terminal and tells which mode it is in. */
const fakeTerminal = () => {
  const modes: boolean[] = []
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (raw: boolean) => modes.push(raw),
    ref: () => undefined,
  })
  const stdout = Object.assign(new PassThrough().resume(), { columns: 80, rows: 24 })
  return { stdin, stdout, modes }
}

const CHOICE = { message: 'Which?', options: [{ value: 'a', label: 'A' }] }

const askerOn = ({ stdin, stdout }: ReturnType<typeof fakeTerminal>) =>
  promptAsker({
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    colour: false,
  })

test('a question ends when stdin does, and raw mode with it', async () => {
  const terminal = fakeTerminal()
  const asked = askerOn(terminal).choose(CHOICE)
  asked.catch(() => undefined)
  while (terminal.modes.length === 0) await nextTurn()
  terminal.stdin.end()
  await expect(asked).rejects.toMatchObject({ name: 'Leave', reason: 'hang-up' })
  expect(terminal.modes).toEqual([true, false])
})

test('a question after the end of stdin leaves at once', async () => {
  const terminal = fakeTerminal()
  const asker = askerOn(terminal)
  terminal.stdin.end()
  await expect(asker.choose(CHOICE)).rejects.toBeInstanceOf(Leave)
  await expect(asker.choose(CHOICE)).rejects.toBeInstanceOf(Leave)
})

test('thirty questions leave no listener behind', async () => {
  const terminal = fakeTerminal()
  const asker = askerOn(terminal)
  const listeners = () => process.listenerCount('SIGTERM') + process.listenerCount('exit')
  const before = listeners()
  for (let i = 0; i < 30; i += 1) {
    const asked = asker.choose(CHOICE)
    while (terminal.modes.length === 2 * i) await nextTurn()
    terminal.stdin.write('\r')
    expect(await asked).toBe('a')
  }
  expect(listeners()).toBe(before)
  expect(terminal.stdin.listenerCount('keypress')).toBe(0)
  expect(terminal.stdout.listenerCount('resize')).toBe(0)
})

test('a list without options, or with two of one value, is refused before it is asked', async () => {
  const asker = askerOn(fakeTerminal())
  await expect(asker.choose({ message: 'Which?', options: [] })).rejects.toThrow('no options')
  await expect(
    asker.choose({ message: 'Which?', options: [...CHOICE.options, ...CHOICE.options] }),
  ).rejects.toThrow('two of one value')
})

const FILTERED = {
  message: 'Which?',
  filter: true as const,
  options: ['jammy', 'kinetic', '24.04', 'what?', 'bionic'].map(value => ({ value, label: value })),
}

/** Asks the filtered list, types keys one after another, and gives the answer with everything that was drawn. */
const typeInto = async (...keys: readonly string[]) => {
  const terminal = fakeTerminal()
  let drawn = ''
  terminal.stdout.on('data', text => (drawn += String(text)))
  const asked = askerOn(terminal).choose(FILTERED)
  asked.catch(() => undefined)
  while (terminal.modes.length === 0) await nextTurn()
  for (const key of keys) {
    terminal.stdin.write(key)
    await sleep(key === ESC ? 80 : 5)
  }
  return { asked, drawn: () => drawn }
}

const ESC = '\u001b'
const DOWN = '\u001b[B'
const UP = '\u001b[A'
const ENTER = '\r'
const BACKSPACE = '\u007f'

test.each([
  ['letters that move in other lists', ['k', ENTER], 'kinetic'],
  ['digits', ['24', ENTER], '24.04'],
  ['a question mark', ['?', ENTER], 'what?'],
  ['capitals', ['BIO', ENTER], 'bionic'],
  ['blanks', ['  nic   bio ', ENTER], 'bionic'],
  ['Backspace', ['kx', BACKSPACE, ENTER], 'kinetic'],
  ['Ctrl-W', ['k zz', '\u0017', ENTER], 'kinetic'],
  ['Down, past what is hidden', ['i', DOWN, ENTER], 'bionic'],
  ['Up, round to the last that is left', ['k', BACKSPACE, 'i', UP, ENTER], 'bionic'],
  ['Home', ['i', DOWN, '\u001b[H', ENTER], 'kinetic'],
  ['End', ['i', '\u001b[F', ENTER], 'bionic'],
  ['Esc, with the option kept that was pointed at', ['bio', ESC, UP, ENTER], 'what?'],
  ['Ctrl-U after no match, back at the first', ['zz', '\u0015', ENTER], 'jammy'],
])('in a filtered list: %s', async (_, keys, value) => {
  const { asked } = await typeInto(...keys)
  expect(await asked).toBe(value)
})

test('without a match Enter selects nothing, wherever the arrows go, and rings no bell', async () => {
  const { asked, drawn } = await typeInto('zz', ENTER, DOWN, ENTER, UP, ENTER, ESC, ESC)
  await expect(asked).rejects.toMatchObject({ name: 'Back' })
  expect(drawn()).toContain('Nothing matches')
  expect(drawn()).not.toContain('\u0007')
})

test('Esc clears the filter first, and leads back when there is none', async () => {
  const cleared = await typeInto('bio', ESC)
  expect(cleared.drawn()).toMatch(/› bio {2}1 of 5[^]*› type to find one of 5[^]*❯ bionic/)
  const { asked } = await typeInto('bio', ESC, ESC)
  await expect(asked).rejects.toMatchObject({ name: 'Back' })
})

test('an option that always stays can be reached when nothing matches, but is not taken unasked', async () => {
  const terminal = fakeTerminal()
  const asked = askerOn(terminal).choose({
    ...FILTERED,
    options: [...FILTERED.options, { value: 'older', label: 'Older', always: true }],
  })
  while (terminal.modes.length === 0) await nextTurn()
  for (const key of ['zz', ENTER, DOWN, ENTER]) {
    expect(terminal.modes).toEqual([true])
    terminal.stdin.write(key)
    await sleep(5)
  }
  expect(await asked).toBe('older')
})

test.each([
  [['3', 'j', 'k', 'k', '?', ENTER], 'kinetic'],
  [['\u001b[F', ENTER], 'bionic'],
  [['4', '0', '9', '\u001b[H', DOWN, ENTER], 'kinetic'],
])('a list without a filter keeps its keys: %j', async (keys, value) => {
  const terminal = fakeTerminal()
  const { filter: _, ...plain } = FILTERED
  const asked = askerOn(terminal).choose(plain)
  while (terminal.modes.length === 0) await nextTurn()
  for (const key of keys) {
    terminal.stdin.write(key)
    await sleep(5)
  }
  expect(await asked).toBe(value)
})
