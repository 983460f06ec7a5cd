import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { contextOf, step } from './step-context.ts'
import type { Step } from '../../src/plan/types.ts'
import type { RunContext } from '../../src/run/context.ts'
import { isDone, madeImage } from '../../src/run/made-image.ts'
import { rememberArchive, saveState } from '../../src/run/project/project.ts'
import { recordOf } from '../../src/run/project/records.ts'
import { digestOf } from '../../src/run/project/files.ts'

const posix = test.skipIf(process.platform === 'win32')

const LEARNT = {
  'image.id': 'sha256:1',
  'files.bytes': '3000',
  'image.compressed': '1000',
  'packages.total': '90',
  'image.config': 'sha256:2',
  'image.configured': 'no',
  'x.packages.total': 'no',
  run: 'r',
}
const SIZES = [{ bytes: 5000, after: 'made' }]

/** A run whose step has made an image, and the same step in the run after it. */
const made = async (change: Partial<Step>) => {
  const first = contextOf().context
  for (const [name, value] of Object.entries(LEARNT)) first.values.set(name, value)
  first.sizeHistory.push(...SIZES)
  const one = step('true', { id: 'pack', ...change })
  const record = (await recordOf(one, first.project, madeImage(first)))!
  await saveState(first.project, { steps: { pack: record } })
  const context: RunContext = {
    ...first,
    values: new Map(),
    sizeHistory: [{ bytes: 9, after: '' }],
  }
  return { one, record, context, directory: first.project.directory }
}

const RECALLED = {
  'image.id': 'sha256:1',
  'files.bytes': '3000',
  'image.compressed': '1000',
  'packages.total': '90',
  'image.config': 'sha256:2',
  'image.name': 'hello',
}

posix('an archive is here as long as it has the digest that it was written with', async () => {
  const { one, record, context, directory } = await made({ makes: 'archive' })
  expect(record).toEqual({
    key: expect.any(String) as string,
    outputs: {},
    image: {
      id: 'sha256:1',
      bytes: 3000,
      compressedBytes: 1000,
      sizes: SIZES,
      learnt: { 'packages.total': '90', 'image.config': 'sha256:2' },
    },
  })
  const archive = join(directory, 'image.tar')
  const image = { ...context.plan.image, archive }
  const here = { ...context, plan: { ...context.plan, image } }
  writeFileSync(archive, 'image')
  // Nobody has noted who wrote it.
  expect(await isDone(one, here)).toBe(false)
  await rememberArchive(context.project, archive, digestOf('image'))
  expect(await isDone(one, here)).toBe(true)
  expect(Object.fromEntries(context.values)).toEqual(RECALLED)
  expect(context.sizeHistory).toEqual(SIZES)
  writeFileSync(archive, 'other')
  expect(await isDone(one, here)).toBe(false)
  rmSync(archive)
  expect(await isDone(one, here)).toBe(false)
})

const INSPECTS: NonNullable<Step['postcondition']> = {
  command: {
    kind: 'command',
    program: 'docker',
    args: ['image', 'inspect', '--format', 'is {{.Id}}', 'hello'],
  },
  expect: 'is ',
  learn: ['image.id'],
  otherwise: '',
  skippable: false,
}

const named = async (recorder: Recorder) => {
  const { one, context } = await made({ makes: 'name', postcondition: INSPECTS })
  return { one, here: { ...context, env: recorder.env } }
}

posix('a named image is here as long as its name is that of the same image', async () => {
  const recorder = openRecorder()
  const { one, here } = await named(recorder)
  expect(await isDone(one, here)).toBe(false)
  recorder.engine.image('hello', { id: 'sha256:other' })
  expect(await isDone(one, here)).toBe(false)
  // What another image is learnt by is no matter of this run.
  expect([...here.values]).toEqual([])
  recorder.engine.image('hello', { id: 'sha256:1' })
  expect(await isDone(one, here)).toBe(true)
  expect(Object.fromEntries(here.values)).toEqual(RECALLED)
})

posix('a step that runs something else now has not run', async () => {
  const recorder = openRecorder()
  recorder.engine.image('hello', { id: 'sha256:1' })
  const { one, here } = await named(recorder)
  expect(await isDone({ ...one, to: { kind: 'proof' } }, here)).toBe(false)
  expect(await isDone({ ...one, id: 'verify' }, here)).toBe(false)
})

posix('a record of an older version, without what else was learnt, is enough', async () => {
  const recorder = openRecorder()
  recorder.engine.image('hello', { id: 'sha256:1' })
  const { one, here } = await named(recorder)
  const { learnt: _, ...image } = here.project.state.steps['pack']!.image!
  const record = { ...here.project.state.steps['pack']!, image }
  await saveState(here.project, { steps: { pack: record } })
  expect(await isDone(one, here)).toBe(true)
  expect(here.values.has('packages.total')).toBe(false)
  const { image: __, ...bare } = record
  await saveState(here.project, { steps: { pack: bare } })
  expect(await isDone(one, here)).toBe(false)
})
