import { expect, test } from 'vitest'
import type { Event } from '../../../src/run/events.ts'
import { lookFor } from '../../../src/show/live/look.ts'
import { widthOf } from '../../../src/show/live/width.ts'
import { firstRows, rowAfter, tableLines, type Row } from '../../../src/show/table/rows.ts'

const STEPS = ['Fetch', 'Make'].map(title => ({ id: title, title, why: '', commands: [] }))
const PLAN = { type: 'plan', steps: STEPS } as unknown as Event

const rowsFor = (...names: string[]): Row[] => [
  ...firstRows({
    type: 'build',
    version: 1,
    jobs: 2,
    images: names.map(name => ({ name, folder: '' })),
  }),
]

const after = (row: Row, ...events: object[]): Row =>
  [PLAN, ...(events as Event[])].reduce((one, event) => rowAfter(one, event, 1000), row)

const drawn = (rows: readonly Row[], columns = 72, height = 24): string[] =>
  tableLines({
    rows,
    jobs: 2,
    look: lookFor({ colour: false, unicode: true }),
    size: { columns, rows: height },
    now: 6000,
    began: 0,
    spinner: '*',
  }).map(line => line.map(({ text }) => text).join(''))

test('a row has its bar, its step and its time; one that waits says so', () => {
  const [one, two] = rowsFor('acme/one', 'two')
  const half = after(one!, { type: 'step-done' }, { type: 'step-started', step: 'Make' })
  const more = rowAfter(half, { type: 'progress', step: 'Make', done: 1, total: 2 }, 2000)
  expect(drawn([more, two!])).toEqual([
    '* acme/one  ███████░░░  75 %  Make  5.0 s',
    '  two       waiting',
    '0 of 2 · 2 at once · 6.0 s · Ctrl-C stop',
  ])
})

test('a row that is done keeps its size, and a failed one its reason', () => {
  const [one, two] = rowsFor('one', 'two')
  const outcome = { uncompressedBytes: 1e6, compressedBytes: 5e5, id: 'sha256:1', proven: true }
  const made = { name: 'one', state: 'made', seconds: 3, outcome } as Row['end']
  const failed = {
    name: 'two',
    state: 'failed',
    seconds: 1,
    message: 'The disk is full.',
  } as Row['end']
  expect(
    drawn([
      { ...one!, end: made },
      { ...two!, end: failed },
    ]).slice(0, 2),
  ).toEqual(['✔ one  1.0 MB, 500 kB compressed  3.0 s', '✘ two  The disk is full.  1.0 s'])
})

test('many images in a small window: what runs and what failed stays, the rest is counted', () => {
  const rows = rowsFor(...Array.from({ length: 30 }, (_, i) => `image-${i}`))
  rows[17] = after(rows[17]!)
  rows[20] = { ...rows[20]!, end: { name: '', state: 'failed', seconds: 1, message: 'no' } }
  const lines = drawn(rows, 40, 8)
  expect(lines.length).toBeLessThan(8)
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(40)
  expect(lines.filter(line => /image-17|image-20|26 waiting/.test(line))).toHaveLength(3)
})
