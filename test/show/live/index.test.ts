import { afterEach, expect, test, vi } from 'vitest'
import type { Intent, View } from '../../../src/run/events.ts'
import { liveView, type LiveOptions } from '../../../src/show/live/index.tsx'
import { done, FAILED, HALFWAY, OUTCOME, output, PLAN, started } from './events.ts'
import { FakeKeyboard, FakeTerminal } from './terminal.ts'

// Ink draws nothing in flight where it believes to be in CI, and asks once, when it is loaded.
vi.hoisted(() => {
  process.env['CI'] = 'false'
  process.env['CONTINUOUS_INTEGRATION'] = 'false'
})

let view: View | null = null
afterEach(async () => view?.close())

const open = (columns = 80, rows = 24, more: Partial<LiveOptions> = {}) => {
  const terminal = new FakeTerminal(columns, rows)
  const keyboard = new FakeKeyboard()
  view = liveView({
    stdout: terminal.stream,
    stdin: keyboard.stream,
    onStop: () => undefined,
    colour: false,
    unicode: true,
    ...more,
  })
  return { terminal, keyboard, view, screen: () => terminal.screen.join('\n') }
}

const WIPES = /\u001B\[[23]J/

test('finished steps stay above what is in flight, and the end leaves nothing in flight', async () => {
  const { terminal, keyboard, view, screen } = open()
  void view.show(HALFWAY)
  await expect.poll(screen).toContain('41 of 96 packages')
  expect(terminal.showsCursor).toBe(false)
  expect(keyboard.isRaw).toBe(true)
  void view.show([done('bootstrap', '80 MB'), started('import'), done('import'), started('run')])
  void view.show([done('run'), OUTCOME])
  await view.close()
  expect(terminal.showsCursor).toBe(true)
  expect(keyboard.isRaw).toBe(false)
  expect(screen()).not.toMatch(/Ctrl-C|[◐◓◑◒]/)
  expect(screen().match(/✔/g)).toHaveLength(5)
  expect(terminal.screen.at(-1)).toBe('    docker run --rm my-noble  # runs it once more')
  expect(terminal.raw).not.toMatch(WIPES)
})

test('keys change what is shown, and each Ctrl-C is told', async () => {
  let stops = 0
  const { keyboard, view, screen } = open(80, 24, { onStop: () => (stops += 1) })
  void view.show(HALFWAY)
  await expect.poll(screen).toContain('why  The reason for bootstrap')
  keyboard.write('c')
  await expect.poll(screen).toContain("--label 'two words'")
  keyboard.write('l')
  await expect.poll(screen).toMatch(/^Log · 1 to \d of \d · Bootstrap noble$/m)
  expect(screen()).not.toContain('--label')
  keyboard.write('q')
  await expect.poll(screen).toContain("--label 'two words'")
  keyboard.write('\u0003')
  keyboard.write('\u0003')
  await expect.poll(() => stops).toBe(2)
})

test('a stop is on the screen at once, without waiting for a turn', () => {
  const { view, screen } = open()
  void view.show([PLAN, started('engine')])
  void view.show([{ type: 'stopped', signal: 'SIGINT', clean: false }])
  expect(screen()).toContain('Stopping (once more to leave at once) …')
})

test('a failure is asked about on a terminal that was given back, and a retry draws again', async () => {
  const seen: string[] = []
  const { terminal, keyboard, view, screen } = open(80, 24, {
    decide: async ({ step }): Promise<Intent> => {
      seen.push(step, String(keyboard.isRaw), String(terminal.showsCursor), screen())
      terminal.write('What now?\n')
      return 'retry'
    },
  })
  void view.show([...HALFWAY, FAILED])
  expect(await view.decide(FAILED)).toBe('retry')
  const [step, raw, cursor, shown] = seen
  expect([step, raw, cursor]).toEqual(['bootstrap', 'false', 'true'])
  expect(shown).toContain('✘ Failed: Bootstrap noble')
  expect(shown).not.toContain('Ctrl-C')
  void view.show([started('bootstrap'), output('bootstrap', 'once more')])
  await expect.poll(screen).toContain('once more')
  expect(keyboard.isRaw).toBe(true)
  keyboard.write('l')
  await expect.poll(screen).toContain('q back')
  expect(screen().match(/Check the engine/g)).toHaveLength(1)
  expect(terminal.screen.indexOf('What now?')).toBeGreaterThan(0)
})

test('without a question a failure stops the run, and what comes after it is still told', async () => {
  const { terminal, view, screen } = open()
  void view.show([...HALFWAY, FAILED])
  expect(await view.decide(FAILED)).toBe('stop')
  void view.show([{ type: 'stopped', signal: 'SIGTERM', clean: true }])
  await view.close()
  expect(screen()).toContain('Make room.')
  expect(terminal.screen.at(-1)).toBe('Stopped. Nothing is left running.')
  expect(terminal.showsCursor).toBe(true)
})

test('a window that changes its size never loses its scrollback', async () => {
  const { terminal, view, screen } = open(120, 40)
  void view.show(HALFWAY)
  await expect.poll(screen).toContain('Ctrl-C stop')
  const sizes = [
    [40, 12],
    [20, 6],
    [20, 2],
    [200, 60],
    [10, 1],
    [80, 24],
  ] as const
  for (const [columns, rows] of sizes) {
    const before = terminal.raw.length
    terminal.resize(columns, rows)
    await expect.poll(() => terminal.raw.length).toBeGreaterThan(before)
    const frame = terminal.raw.slice(terminal.raw.lastIndexOf('\u001B[G') + 3)
    expect(frame.split('\n').length - 1).toBeLessThanOrEqual(Math.max(1, rows - 1))
  }
  expect(terminal.raw).not.toMatch(WIPES)
})

test('a hundred thousand lines cost few drawings, and each of them few bytes', async () => {
  const { terminal, view, screen } = open(120, 40)
  const writes = vi.spyOn(terminal, '_write')
  void view.show([PLAN, started('engine')])
  for (let batch = 0; batch < 1000; batch += 1) {
    void view.show(
      Array.from({ length: 100 }, (_, line) => output('engine', `line ${batch * 100 + line}`)),
    )
    if (batch % 50 === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await expect.poll(screen).toContain('line 99999')
  expect(terminal.raw.length / writes.mock.calls.length).toBeLessThan(2000)
  expect(terminal.raw).not.toContain('line 50001')
})

test('a view that was never shown anything leaves the terminal alone', async () => {
  const { terminal, keyboard, view } = open()
  await view.close()
  expect([terminal.raw, keyboard.isRaw]).toEqual(['', false])
})
