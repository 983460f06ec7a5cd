import { PassThrough } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { crafts } from '../../../src/run/crafts/index.ts'
import type { Craft as CraftOf } from '../../../src/run/crafts/craft.ts'
import { startCraft } from '../../../src/run/stages/craft.ts'
import { craftContext } from '../crafts/craft-context.ts'

type Craft = CraftOf<'make-tmp'>

/** Starts a craft of this test's own as a stage, and hears what it says. */
const started = (craft: Craft, signal = new AbortController().signal) => {
  const table = crafts as { 'make-tmp': Craft }
  const before = table['make-tmp']
  table['make-tmp'] = craft
  onTestFinished(() => void (table['make-tmp'] = before))
  const stage = {
    kind: 'craft',
    craft: 'make-tmp',
    input: { folder: 'a', keptBy: 'b' },
    shown: [],
  } as const
  const running = startCraft(stage, craftContext('/project', { signal, assets: '/assets' }))
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    running[name].on('data', (chunk: Buffer) => void (said[name] += chunk.toString()))
  return { running, said }
}

test('it gets what its plan says and what the stage before prints, and its lines come on two streams', async () => {
  let seen: unknown = null
  const { running, said } = started(async (input, context) => {
    seen = [input, context.project.directory, context.assets, context.runId]
    context.tell!('half way')
    let read = ''
    for await (const chunk of context.stdin!) read += String(chunk)
    return { lines: [read, 'done'], result: 'well' }
  })
  running.stdin!.end('words')
  expect(await running.ended).toEqual({ exitCode: 0, note: null })
  expect(seen).toEqual([{ folder: 'a', keptBy: 'b' }, '/project', '/assets', 'test'])
  await expect.poll(() => said).toEqual({ stdout: 'words\ndone\n', stderr: 'half way\n' })
  expect(running.craft!()).toEqual({ result: { lines: ['words', 'done'], result: 'well' } })
  expect(running.name).toBe('make-tmp')
})

test('one that fails ends with 1, and its own error says why', async () => {
  const error = new Error('no way')
  const { running, said } = started(async () => Promise.reject(error))
  expect(running.craft!()).toBeNull()
  expect(await running.ended).toEqual({ exitCode: 1, note: 'no way' })
  expect(running.craft!()).toEqual({ error })
  expect(said).toEqual({ stdout: '', stderr: '' })
  // Whoever still writes hears that nobody reads.
  expect(running.stdin!.destroyed).toBe(true)
})

const UNTIL_STOPPED: Craft = async (_, { signal }) => {
  await new Promise(resolve => signal.addEventListener('abort', resolve))
  throw new Error('stopped')
}

test('one that is ended has no exit code, and no error of its own', async () => {
  const { running } = started(UNTIL_STOPPED)
  running.stdin!.on('error', () => undefined)
  await running.kill()
  expect(await running.ended).toEqual({ exitCode: null, note: 'stopped' })
  expect(running.craft!()).toBeNull()
  const stop = new AbortController()
  const other = started(UNTIL_STOPPED, stop.signal)
  stop.abort('SIGINT')
  expect(await other.running.ended).toEqual({ exitCode: null, note: 'stopped' })
})

test('one that has stopped reading by itself is left to say why', async () => {
  const { running } = started(async (_, { stdin, signal }) => {
    stdin!.destroy()
    await new Promise(resolve => setTimeout(resolve, 20))
    throw new Error(signal.aborted ? 'ended' : 'too much')
  })
  await new Promise(resolve => running.stdin!.on('close', resolve))
  await running.kill()
  expect(running.craft!()).toMatchObject({ error: { message: 'too much' } })
})

test('its streams end with it', async () => {
  const { running } = started(async () => ({}))
  await running.ended
  const rest = new PassThrough()
  running.stderr.pipe(rest)
  await expect
    .poll(() => [running.stdout.readableEnded, running.stderr.readableEnded])
    .toEqual([true, true])
})
