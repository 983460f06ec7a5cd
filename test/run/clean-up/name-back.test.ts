import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Fault } from '../../recorder/recorder.ts'
import { giveNameBack, rememberName } from '../../../src/run/clean-up/early-name.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { engine, facts } from '../../plan/minimal/inputs.ts'

const AS = 'hello:latest'

/** A run that is about to name an image; `before` has the name now. */
const named = (
  before: string | null,
  {
    faults = [],
    plan = {},
  }: {
    readonly faults?: readonly Fault[]
    readonly plan?: object
  } = {},
) => {
  const recorder = openRecorder({ faults })
  const { engine: held, folder, env } = recorder
  if (before !== null) held.image(AS, { id: before })
  const context = {
    plan: { namedBy: 'build', image: { archive: null, reference: AS }, ...plan },
    facts: facts({ engine }),
    env,
    project: { directory: folder, state: {} },
    nameBefore: undefined,
  } as unknown as RunContext
  const names = (): (string | undefined)[] =>
    ['old', 'new'].map(id => [...held.images.values()].find(image => image.id === id)?.name)
  return { recorder, context, names, make: () => held.image(AS, { id: 'new' }) }
}

test('the name goes back to the image that had it, and the one that took it goes', async () => {
  const { recorder, context, names, make } = named('old')
  await rememberName(context)
  expect(context.nameBefore).toBe('old')
  make()
  expect(await giveNameBack(context)).toEqual([{ type: 'given-back', name: AS, id: 'old' }])
  expect(names()).toEqual([AS, undefined])
  const bounds = recorder.asked().map(({ command, seconds }) => [command, seconds])
  expect(bounds).toEqual([
    ['image inspect', 10],
    ['image inspect', 10],
    ['tag', 60],
    ['rmi', 60],
  ])
})

test('a name that nothing had is taken away', async () => {
  const { recorder, context, names, make } = named(null)
  await rememberName(context)
  expect(context.nameBefore).toBeNull()
  make()
  expect(await giveNameBack(context)).toEqual([{ type: 'given-back', name: AS, id: null }])
  expect(names()).toEqual([undefined, undefined])
  expect(recorder.asked('rmi').map(({ words, seconds }) => [...words, seconds])).toEqual([[AS, 60]])
})

test('a name that is as it was, or that nothing has now, is not given back', async () => {
  const same = named('old')
  await rememberName(same.context)
  expect(await giveNameBack(same.context)).toEqual([])
  const gone = named('old')
  await rememberName(gone.context)
  gone.recorder.engine.images.delete(AS)
  expect(await giveNameBack(gone.context)).toEqual([])
  const none = named(null)
  expect(await giveNameBack(none.context)).toEqual([])
  expect([same, gone, none].flatMap(({ recorder }) => recorder.asked('rmi'))).toEqual([])
})

test('what the engine does not do is not told as done', async () => {
  for (const [before, to] of [
    ['old', 'tag'],
    [null, 'rmi'],
  ] as const) {
    const { context, make } = named(before, { faults: [{ to, exitCode: 1 }] })
    await rememberName(context)
    make()
    expect(await giveNameBack(context)).toEqual([])
  }
})

test('an image that is loaded is known by its name, also when its archive stays', async () => {
  const { recorder, context, names, make } = named('old', {
    plan: { namedBy: 'load', image: { archive: '/nowhere/hello.tar', reference: AS } },
  })
  await rememberName(context)
  expect(context.nameBefore).toBe('old')
  make()
  expect(await giveNameBack(context)).toEqual([{ type: 'given-back', name: AS, id: 'old' }])
  expect(names()).toEqual([AS, undefined])
  expect(recorder.asked('tag')).toHaveLength(1)
})

test('the archive of before waits in the project folder under a second name, whatever an earlier run left there', async () => {
  const { recorder, context } = named(null)
  const archive = join(recorder.folder, 'image.tar')
  const kept = join(recorder.folder, '.create-base-image/archive.before')
  mkdirSync(join(kept, '..'))
  writeFileSync(archive, 'before')
  writeFileSync(kept, 'of an earlier run')
  Object.assign(context.plan, { namedBy: 'pack', image: { archive, reference: AS } })
  await rememberName(context)
  expect(readFileSync(kept, 'utf8')).toBe('before')
  expect(statSync(kept).ino).toBe(statSync(archive).ino)
  expect(recorder.asked()).toEqual([])
  expect(existsSync(archive)).toBe(true)
})
