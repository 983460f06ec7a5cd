import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { ioIn } from '../app/io.ts'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder, runHere, type Recorder, type Script } from '../recorder/recorder.ts'
import { run } from '../../src/commands/clean.ts'
import { newRunId } from '../../src/run/process/run-id.ts'

const { answers } = vi.hoisted(() => ({ answers: [] as boolean[] }))
vi.mock('../../src/commands/may-clean.ts', () => ({
  mayClean: () => Promise.resolve(answers.shift()),
}))
beforeEach(() => (answers.length = 0))

const posix = test.skipIf(process.platform === 'win32')
const [machine] = newRunId().split('-')
const LIVING = `${machine}-${process.ppid}-00000001`
const DEAD = `${machine}-4194305-00000002`
const ELSEWHERE = '00000000-1-00000003'
const NAMED = { name: '<none>:<none>' }
const ROLE = { 'create-base-image.role': 'compiler' }

/** An engine and a folder with one of everything that is ours, and of what is not. */
const litter = async (script: Script = {}): Promise<Recorder> => {
  const recorder = openRecorder({ plays: MINIMAL, ...script })
  const { engine, folder } = recorder
  const old = engine.image('hello', { size: 4321 })
  await runHere(recorder, ['--yes'])
  recorder.left('1', LIVING, 'running')
  recorder.left('2', DEAD, 'running')
  recorder.left('3', ELSEWHERE)
  engine.image(`create-base-image/unproven:${DEAD}`)
  engine.image(`create-base-image/unproven:${LIVING}`)
  const builder = engine.image('x', {
    labels: ROLE,
    ...NAMED,
    history: ['sh -c … force-unsafe-io'],
  })
  const theirs = engine.image('y', { labels: ROLE, ...NAMED, history: ['RUN make'] })
  for (const image of [builder, theirs]) {
    engine.images.delete('<none>:<none>')
    engine.images.set(image.id, image)
  }
  engine.images.set(old.id, { ...old, ...NAMED })
  mkdirSync(join(folder, `.x.create-base-image-${DEAD}`))
  mkdirSync(join(folder, `.x.create-base-image-${LIVING}`))
  return recorder
}

const clean = async (recorder: Recorder, argv: string[], ask = false) => {
  const io = ioIn(recorder)
  const env = { ...io.env, XDG_CACHE_HOME: join(recorder.folder, '.cache') }
  const code = await run(argv, { ...io, env, terminal: { ...io.terminal, canAsk: ask } })
  return { code, ...io.written }
}

/** A text without what differs from run to run. */
const alike = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-\d+-[0-9a-f]{8}/g, 'RUN')
    .replaceAll(/\/\S+\/(?=\.x)/g, '/FOLDER/')
    .replaceAll(/(create-base-image\/[a-z]+:)[0-9a-f]{12}/g, '$1HASH')

const nameless = ({ engine }: Recorder) =>
  [...engine.images.values()].filter(({ name }) => name === '<none>:<none>')

posix('without a terminal it lists and removes what dead runs left, and nothing else', async () => {
  const recorder = await litter()
  const { code, out } = await clean(recorder, [])
  expect(code).toBe(0)
  expect(recorder.containers().map(({ id }) => id)).toEqual(['1', '3'])
  expect(recorder.images().filter(name => name.includes('unproven'))).toEqual([
    `create-base-image/unproven:${LIVING}`,
  ])
  // Somebody made an image from our builder; that one is not ours.
  expect(nameless(recorder).map(({ history }) => history)).toEqual([['RUN make']])
  expect(
    recorder.images().filter(name => name.startsWith('create-base-image/compiler')),
  ).toHaveLength(1)
  expect(recorder.images()).toContain('hello:latest')
  expect(existsSync(join(recorder.folder, `.x.create-base-image-${DEAD}`))).toBe(false)
  expect(existsSync(join(recorder.folder, `.x.create-base-image-${LIVING}`))).toBe(true)
  expect(out).toContain('the image whose name a new one took: aaaaaaaaaaaa (4.3 kB)')
  expect(out).toContain('5 things removed.')
  expect(out).toContain('--builders')
})

posix(
  'each kind of thing is listed with its size, and the engine is asked no more than that takes',
  async () => {
    const recorder = await litter()
    const before = recorder.asked().length
    const { out } = await clean(recorder, ['--builders', '--force', '--dry-run'])
    const asked = recorder.asked().slice(before)
    const lines = asked.map(({ seconds, argv }) => [seconds, ...argv].join(' ')).toSorted()
    await expect(`${alike(out)}\n${alike(lines.join('\n'))}\n`).toMatchFileSnapshot(
      '../fixtures/events/clean.asked',
    )
  },
)

posix('--dry-run lists and removes nothing', async () => {
  const recorder = await litter()
  const [before, folders] = [recorder.images(), recorder.containers().length]
  const { code, out } = await clean(recorder, ['--dry-run', '--builders', '--force'])
  expect(code).toBe(0)
  expect(out).toContain('To remove:')
  expect(out).not.toContain('removed')
  expect([recorder.images(), recorder.containers().length]).toEqual([before, folders])
  expect(existsSync(join(recorder.folder, `.x.create-base-image-${DEAD}`))).toBe(true)
})

posix('a container goes before the image that it was made of', async () => {
  const recorder = openRecorder()
  const { id } = recorder.engine.image(`create-base-image/unproven:${DEAD}`)
  recorder.left('2', DEAD, 'exited', id)
  const { out } = await clean(recorder, [])
  expect(out).toContain('2 things removed.')
  expect(out).not.toContain('Not removed')
})

posix('at a terminal it asks, and a no removes nothing', async () => {
  const recorder = await litter()
  answers.push(false)
  expect((await clean(recorder, [], true)).code).toBe(130)
  expect(recorder.containers()).toHaveLength(3)
  answers.push(true)
  expect((await clean(recorder, [], true)).code).toBe(0)
  expect(recorder.containers()).toHaveLength(2)
  expect(answers).toEqual([])
})

posix('--yes asks nothing at a terminal', async () => {
  const recorder = await litter()
  expect((await clean(recorder, ['--yes'], true)).out).toContain('removed')
})

posix('where nothing is left it asks nothing', async () => {
  expect((await clean(openRecorder(), [], true)).out).toBe('Nothing to remove.\n')
})

posix('--builders and --force take more', async () => {
  const recorder = await litter()
  await clean(recorder, ['--builders', '--force'])
  expect(recorder.containers().map(({ id }) => id)).toEqual(['1'])
  expect(recorder.images().filter(name => name.startsWith('create-base-image/compiler'))).toEqual(
    [],
  )
})

posix('what could not be removed is told, and not counted', async () => {
  const recorder = await litter({ faults: [{ to: 'rm 2', exitCode: 1, stderr: 'busy' }] })
  const { out } = await clean(recorder, [])
  expect(out).toContain('4 things removed.')
  expect(out).toContain('Not removed: the container 2')
})

posix('a state file that names other things than IDs is not believed', async () => {
  const recorder = openRecorder()
  recorder.engine.image('precious')
  const ours = join(recorder.folder, 'p/.create-base-image')
  mkdirSync(ours, { recursive: true })
  writeFileSync(join(ours, 'state.json'), JSON.stringify({ replaced: ['precious', '--force', 7] }))
  expect((await clean(recorder, [])).out).toBe('Nothing to remove.\n')
  expect(recorder.images()).toContain('precious:latest')
})

posix('without an engine the folders are cleaned, and the rest is said', async () => {
  const faults = [{ to: 'version', exitCode: 1, stderr: 'permission denied' }]
  const recorder = openRecorder({ faults })
  const folder = join(recorder.folder, `.x.create-base-image-${DEAD}`)
  mkdirSync(folder)
  await expect(clean(recorder, ['--engine', 'docker'])).rejects.toMatchObject({ exitCode: 3 })
  expect(existsSync(folder)).toBe(false)
})

posix('the cache of packages stays, and is told, unless --cache', async () => {
  const recorder = openRecorder()
  const cache = join(recorder.folder, '.cache/create-base-image')
  const file = join(cache, 'sha256/ab', 'ab'.repeat(32))
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, 'package')
  writeFileSync(join(cache, 'letter.txt'), 'mine')
  const kept = await clean(recorder, [])
  expect(kept.out).toContain('Nothing to remove.')
  expect(kept.out).toContain(`(--cache):\n  the cache of packages ${cache} (1 file, 7 bytes)`)
  expect(existsSync(file)).toBe(true)
  const gone = await clean(recorder, ['--cache'])
  expect(gone.out).toContain('1 thing removed.')
  expect([existsSync(file), existsSync(join(cache, 'letter.txt'))]).toEqual([false, true])
})
