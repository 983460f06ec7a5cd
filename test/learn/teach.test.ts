import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { teachingView, type TeachingOptions } from '../../src/app/teaching.ts'
import { Leave } from '../../src/ask/asker.ts'
import { barLines, stackLines } from '../../src/learn/bars.ts'
import { changedBy, imageNamed } from '../../src/learn/changed.ts'
import { planFor } from '../../src/plan/plan.ts'
import type { Step } from '../../src/plan/types.ts'
import type { Event, View } from '../../src/run/events.ts'
import { facts, given, noEngine } from '../plan/minimal/inputs.ts'
import { done, output, started } from '../show/live/events.ts'

const PLAIN = { width: 80, unicode: true, strong: (text: string) => text }
const plan = planFor(given('--program', 'raw', '--engine', 'none'), facts(noEngine))

/** A lesson whose person answers pauses in this order; `told` has everything that reached the screen. */
const lessonWith = (answers: readonly ('on' | 'again' | 'leave')[] | null) => {
  const told: string[] = []
  const left = [...(answers ?? [])]
  let stopped = 0
  const inner: View = {
    show: events => void told.push(...events.map(({ type }) => `<${type}>`)),
    decide: async () => 'stop',
    close: () => undefined,
  }
  const options: TeachingOptions = {
    plan,
    facts: facts(noEngine),
    env: {},
    words: { client: 'docker', image: 'hello', folder: 'hello' },
    page: () => PLAIN,
    write: text => void told.push(text),
    pause:
      answers === null
        ? null
        : async (what, again) => {
            for (;;) {
              told.push(`[${what}]`)
              const answer = left.shift() ?? 'on'
              if (answer === 'leave') throw new Leave('ctrl-c')
              if (answer === 'on') return
              told.push(again())
            }
          },
    stop: () => void (stopped += 1),
  }
  const view = teachingView(inner, options)
  return {
    show: async (...events: Event[]) => {
      await view.show(events)
      return told.splice(0)
    },
    waited: () => view.waited?.() ?? 0,
    stopped: () => stopped,
  }
}

test('before a step come its reason, its command and what it will change; then the person says when', async () => {
  const told = await lessonWith([]).show(started('inspect'))
  expect(told.map(text => text.slice(0, 20))).toEqual([
    expect.stringContaining('Step 3 of'),
    '[run this step]',
    '<step-started>',
  ])
  expect(told[0]).toContain('  why      In a scratch image there is no loader')
  expect(told[0]).toContain('  runs     $ docker inspect --with=arguments')
  expect(told[0]).toContain('  changes  Nothing: the file is only read.')
})

test('after a step come one thing to look at, one idea and one thing to try', async () => {
  const told = await lessonWith([]).show(done('inspect'))
  expect(told[0]).toBe('<step-done>')
  expect(told[1]).toMatch(
    /look {5}The words "needs nothing"[^]*idea {5}"No such file[^]*try {6}Any Linux program/,
  )
  expect(told[2]).toBe('[the next step]')
})

test('what a proof printed is shown with its step', async () => {
  const lesson = lessonWith([])
  await lesson.show(started('run'))
  const told = await lesson.show(output('run', 'Hello'), output('run', 'you'), done('run'))
  expect(told.join('')).toContain('  It printed\n    Hello\n    you\n')
  expect(told.at(-1)).toBe('[the end]')
})

test('b shows the last step again, and says so when there was none', async () => {
  const lesson = lessonWith(['again', 'on', 'again', 'on', 'again', 'on'])
  expect((await lesson.show(started('inspect'))).join('')).toContain('no step before this one')
  const after = await lesson.show(done('inspect'))
  expect(after.filter(text => text.includes('idea     "No such file'))).toHaveLength(2)
  const next = (await lesson.show(started('pack'))).join('')
  expect(next).toContain('Step 3 of')
  expect(next).toContain('idea     "No such file')
})

test('a step that is skipped is explained too', async () => {
  const told = await lessonWith([]).show({
    type: 'step-skipped',
    step: 'inspect',
    reason: 'already here',
  })
  expect(told.join('')).toContain('  skipped  It need not run: already here.')
  expect(told.join('')).toMatch(/idea [^]*\[the next step\]/)
})

test('who leaves in the middle stops the run; after the last step there is nothing to stop', async () => {
  const middle = lessonWith(['leave'])
  await middle.show(started('inspect'))
  expect(middle.stopped()).toBe(1)
  const end = lessonWith(['leave'])
  await end.show(done('run'))
  expect(end.stopped()).toBe(0)
})

test('where nobody can be asked all is said and nothing waits', async () => {
  const told = await lessonWith(null).show(started('inspect'), done('inspect'))
  expect(told.filter(text => text.startsWith('['))).toEqual([])
  expect(told.join('')).toMatch(/why [^]*<step-started><step-done>[^]*idea /)
})

test('the time that was spent on reading is known', async () => {
  const lesson = lessonWith([])
  expect(lesson.waited()).toBe(0)
  await lesson.show(started('inspect'))
  expect(lesson.waited()).toBeGreaterThan(0)
})

test.each([
  [['docker build --tag hello .'], 'hello'],
  [['docker pull ubuntu:20.04'], 'ubuntu:20.04'],
  [['docker start --attach b < pack.sh | docker import --change x - mine:1'], 'mine:1'],
  [
    ['docker run --name builder x', 'docker commit builder kept:abc', 'docker rm builder'],
    'kept:abc',
  ],
  [['docker run --rm hello'], null],
])('%j makes the image %s', (commands, image) => {
  expect(imageNamed(commands)).toBe(image)
})

test('a file that was made is shown beside what it was made from, and a text by its first lines', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'changed-'))
  try {
    writeFileSync(join(directory, 'hello.c'), 'int main;\n')
    writeFileSync(join(directory, 'hello'), Buffer.alloc(5000))
    writeFileSync(
      join(directory, 'passwd'),
      Array.from({ length: 12 }, (_, i) => `${i}\n`).join(''),
    )
    const step: Step = {
      ...plan.steps[0]!,
      id: 'compile',
      inputs: ['hello.c'],
      outputs: ['hello', 'passwd'],
    }
    const lines = await changedBy(step, [], { directory, client: null }, PLAIN)
    expect(lines[0]).toMatch(/^hello\.c +10 bytes {2}█$/)
    expect(lines[1]).toMatch(/^hello +5\.0 kB {2}█{20}$/)
    expect(lines.slice(3, 5)).toEqual(['│ 0', '│ 1'])
    expect(lines.at(-1)).toBe('│ and 4 more lines')
  } finally {
    rmSync(directory, { recursive: true })
  }
})

test('an image is drawn as a stack: notes on top, then the layers, then what they stand on', () => {
  const layers = [
    { name: 'CMD ["/hello"]', bytes: 0 },
    { name: 'ADD hello /', bytes: 762_000 },
  ]
  expect(stackLines(layers, 'scratch: nothing', { width: 72, unicode: false })).toEqual([
    'note   CMD ["/hello"]',
    'layer  ADD hello /     762 kB  ####################',
    '------------------------------',
    'scratch: nothing',
  ])
})

test.each([36, 72])('bars fit into %i columns, and what is there has one', width => {
  const things = [
    { name: 'a very long name of a file in a folder', bytes: 1 },
    { name: 'b', bytes: 900_000 },
    { name: 'none', bytes: 0 },
  ]
  const lines = barLines(things, { width, unicode: true })
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  expect(lines[0]).toMatch(/1 byte {2}█$/)
  expect(lines[2]).toMatch(/0 bytes$/)
})
