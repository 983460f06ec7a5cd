import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
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
  await expect(asked).rejects.toMatchObject({ name: 'Leave', reason: 'end' })
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
