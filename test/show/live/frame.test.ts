import { expect, test } from 'vitest'
import type { Event } from '../../../src/run/events.ts'
import { frameOf, type FrameInput } from '../../../src/show/live/frame.ts'
import { initialChoice, type Choice } from '../../../src/show/live/keys.ts'
import { lineWidth, paintLine } from '../../../src/show/live/line.ts'
import { lookFor } from '../../../src/show/live/look.ts'
import { initialState, reduce } from '../../../src/show/live/state.ts'
import { done, FAILED, HALFWAY, OUTCOME, output, PLAN, progress, started } from './events.ts'

const look = lookFor({ colour: false, unicode: true })

const sceneOf = (events: readonly Event[], more: Partial<FrameInput> = {}): FrameInput => ({
  state: reduce(initialState, events, 0),
  choice: initialChoice,
  look,
  size: { columns: 80, rows: 24 },
  now: 31_000,
  keys: true,
  ...more,
})

const linesOf = (scene: FrameInput): readonly string[] =>
  frameOf(scene).lines.map(line => paintLine(line, look.paint))

/** Numbers that look random and are the same in every run. */
const randomFrom = (seed: number): ((below: number) => number) => {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const TEXTS = [
  '',
  'Unpacking gcc',
  '世界'.repeat(60),
  '😀 👩‍👩‍👧',
  'a\tb\u0007\u001B[3J',
  'x'.repeat(3000),
]

const randomScene = (
  random: (below: number) => number,
  columns: number,
  rows: number,
): FrameInput => {
  const text = (): string => TEXTS[random(TEXTS.length)] ?? ''
  const steps = Array.from({ length: 1 + random(12) }, (_, index) => ({
    id: `step-${index}`,
    title: `Step ${index} ${text()}`,
    why: text(),
    commands: Array.from({ length: random(4) }, text),
  }))
  const id = `step-${random(steps.length)}`
  const told = { fraction: random(101) / 100, done: random(50), total: random(60) }
  const events: readonly Event[] = [
    { ...PLAN, steps },
    ...(random(8) === 0
      ? []
      : [
          {
            ...started(id),
            exact: [
              [text(), text()],
              ['docker', text()],
            ],
          },
        ]),
    ...Array.from({ length: random(9) }, () => output(id, text())),
    ...(random(2) === 0 ? [] : [progress(id, { ...told, unit: 'packages', text: text() })]),
    ...(random(6) === 0 ? [{ type: 'stopped', signal: 'SIGINT', clean: false } as const] : []),
  ]
  const choice: Choice = {
    log: ([null, null, 'end', 2] as const)[random(4)] ?? null,
    why: (['room', 'first'] as const)[random(2)] ?? 'room',
    exact: random(3) === 0,
  }
  return sceneOf(events, {
    choice,
    size: { columns, rows },
    keys: random(2) === 0,
    look: lookFor({ colour: false, unicode: random(2) === 0 }),
  })
}

test('in every window from 20x5 to 200x60 a frame keeps below the last row and within its width', () => {
  const random = randomFrom(42)
  for (let columns = 20; columns <= 200; columns += columns < 90 ? 1 : 11) {
    for (let rows = 5; rows <= 60; rows += 1) {
      const { lines } = frameOf(randomScene(random, columns, rows))
      expect(lines.length).toBeLessThanOrEqual(rows - 1)
      const most = columns < 100 ? Math.min(columns, 72) : Math.min(columns - 1, 116)
      expect(Math.max(0, ...lines.map(lineWidth))).toBeLessThanOrEqual(most)
    }
  }
})

test('a window of next to no size is survived', () => {
  const random = randomFrom(7)
  for (let columns = 1; columns < 20; columns += 1)
    for (let rows = 1; rows < 6; rows += 1) {
      const { lines } = frameOf(randomScene(random, columns, rows))
      expect(lines.length).toBeLessThan(Math.max(1, rows))
      expect(Math.max(0, ...lines.map(lineWidth))).toBeLessThanOrEqual(columns)
    }
})

test('nothing is in flight before the plan, after a failure and at the end', () => {
  for (const events of [[], [...HALFWAY, FAILED], [...HALFWAY, OUTCOME]])
    expect(linesOf(sceneOf(events))).toEqual([])
})

test('between two steps the next one is shown', () => {
  const lines = linesOf(sceneOf([PLAN, started('engine'), done('engine')]))
  expect(lines[0]).toMatch(/^[◐◓◑◒] Get the builder ubuntu:24\.04$/)
  expect(lines.join('\n')).toContain('2 of 5 · 00:31')
})

test('the time left is said of the whole run only in its last step', () => {
  const telling = (step: string): readonly Event[] => [progress(step, { fraction: 0.5 })]
  const stateAfter = (settled: readonly string[], step: string) => {
    const events = [PLAN, ...settled.map(id => done(id)), started(step)]
    const begun = reduce(initialState, [...events, progress(step, { fraction: 0 })], 0)
    return reduce(begun, telling(step), 25_000)
  }
  const ids = PLAN.steps.map(({ id }) => id)
  const text = (state: FrameInput['state']): string =>
    linesOf({ ...sceneOf([]), state, now: 25_000 }).join('\n')
  expect(text(stateAfter([], 'engine'))).toContain(
    '1 of 5 · 00:25 · about 25 s left for this step\n',
  )
  expect(text(stateAfter(ids.slice(0, 4), 'run'))).toContain('5 of 5 · 00:25 · about 25 s left\n')
})

test('the full command is the exact argument list, quoted where a shell would need it', () => {
  const scene = sceneOf(HALFWAY, { choice: { ...initialChoice, exact: true } })
  expect(linesOf(scene).join('\n')).toContain(
    "$ docker bootstrap --label 'two words' --with=arguments",
  )
})

test('a reason that was asked for comes before log lines when there is little room', () => {
  const small = { columns: 40, rows: 10 }
  expect(linesOf(sceneOf(HALFWAY, { size: small })).join('\n')).not.toContain('why  ')
  const asked = sceneOf(HALFWAY, { size: small, choice: { ...initialChoice, why: 'first' } })
  expect(linesOf(asked).join('\n')).toContain('why  The reason for bootstrap')
})

test('a title that leaves no room for its bar is clipped, at any width that shows both', () => {
  const title = 'Put a compiler in it: gcc, libc6-dev and very much more than that'
  const steps = [{ id: 'engine', title, why: '', commands: [] }]
  for (const columns of [30, 56, 60, 72]) {
    const events = [{ ...PLAN, steps }, started('engine'), progress('engine', { fraction: 0.5 })]
    const text = linesOf(sceneOf(events, { size: { columns, rows: 24 } })).join('\n')
    expect(text).toContain('Put a compiler')
    expect(text).toContain('█░')
    expect(text).toContain('50 %')
  }
})

test('no keys are named when none can be pressed', () => {
  expect(linesOf(sceneOf(HALFWAY, { keys: false })).join('\n')).not.toContain('Ctrl-C')
})

const lines = Array.from({ length: 100 }, (_, i) => output('bootstrap', `line ${i + 1}`))

test('the open log shows the whole step, and says where it stands in it', () => {
  const size = { columns: 80, rows: 12 }
  const at = (log: Choice['log']) =>
    sceneOf([...HALFWAY, ...lines], { size, choice: { ...initialChoice, log } })
  const [head, ...rest] = linesOf(at('end'))
  const all = frameOf(at('end')).place!.last + 9
  expect(head).toBe(`Log · ${all - 8} to ${all} of ${all} · Bootstrap noble`)
  expect(rest.slice(0, -1)).toEqual(Array.from({ length: 9 }, (_, i) => `line ${i + 92}`))
  expect(rest.at(-1)).toBe('q back, arrows, PgUp, PgDn, Home, End')
  expect(linesOf(at(0))[0]).toBe(`Log · 1 to 9 of ${all} · Bootstrap noble`)
  expect(frameOf(at(0)).place).toEqual({ top: 0, last: all - 9, page: 9 })
})

test('a log line that is too wide goes on in the next row, between words', () => {
  const wide = output('bootstrap', `${'word '.repeat(15)}longest`)
  const scene = sceneOf([...HALFWAY, wide], {
    size: { columns: 40, rows: 12 },
    choice: { ...initialChoice, log: 'end' },
  })
  expect(linesOf(scene).join('\n')).toMatch(/\n(?:word )+word\n {2}(?:word )+word\n {2}longest\n/)
})
