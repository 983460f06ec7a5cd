import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { COMPILES, INSTALLS } from '../recorder/plays.ts'
import { openRecorder, planHere, type Recorder, type Script } from '../recorder/recorder.ts'
import { runAll } from '../../src/app/build/run-all.ts'
import { main } from '../../src/cli.ts'
import { archOf } from '../../src/engine/arch.ts'
import type { BuildView } from '../../src/run/build-events.ts'
import { facts } from '../plan/minimal/inputs.ts'
import { ioIn } from './io.ts'

const posix = test.skipIf(process.platform === 'win32')

const PLAYS = [
  INSTALLS,
  COMPILES,
  ...['one', 'two', 'three'].map(of => ({ of, stdout: `I am ${of}\n` })),
]

const openWith = (images: readonly object[], script: Script = {}): Recorder => {
  const recorder = openRecorder({ plays: PLAYS, ...script })
  const defaults = { 'compile-in': 'container' }
  writeFileSync(
    join(recorder.folder, 'base-images.json'),
    JSON.stringify({ version: 1, defaults, images }),
  )
  return recorder
}

/** How often a program was compiled. */
const compiled = (recorder: Recorder): number =>
  recorder.asked('create').filter(({ words }) => words.join(' ').includes('-static')).length

const THREE = [{ name: 'one' }, { name: 'two' }, { name: 'three' }]

const build = async (recorder: Recorder, ...argv: string[]) => {
  const io = ioIn(recorder)
  const code = await main(['build', ...argv], io)
  return { code, ...io.written, lines: io.written.out.trim().split('\n') }
}

posix(
  'all images are made, the compiler is put in its builder once, and a summary tells them',
  async () => {
    const recorder = openWith(THREE)
    const { code, out } = await build(recorder, '--jobs', '3')
    expect(code).toBe(0)
    expect(recorder.images()).toEqual(
      expect.arrayContaining(['one:latest', 'two:latest', 'three:latest']),
    )
    expect(recorder.asked('commit')).toHaveLength(1)
    expect(out).toMatch(/^3 images, 3 at once\n/)
    expect(out).toContain('[two] made: ')
    expect(out).toMatch(/\n {2}made {4}three {2}\S+ \S+, .*sha256:.*\n\n3 of 3 images made in /)
    expect(existsSync(join(recorder.folder, 'images/two/Dockerfile'))).toBe(true)
  },
)

posix(
  'one that fails stops no other, ends with 1, and is made by the same command later',
  async () => {
    const recorder = openWith(THREE, {
      faults: [{ to: 'build ', times: 1, stderr: 'no', exitCode: 1 }],
    })
    const first = await build(recorder)
    expect(first.code).toBe(1)
    expect(first.out).toContain('2 of 3 images made in ')
    expect(first.out).toMatch(/Failed: (?:one|two|three)\./)
    const before = compiled(recorder)
    const again = await build(recorder)
    expect([again.code, compiled(recorder) - before]).toEqual([0, 0])
  },
)

posix(
  'the file decides: an image whose answers changed is made anew, the others are kept',
  async () => {
    const recorder = openWith(THREE)
    await build(recorder)
    const before = compiled(recorder)
    writeFileSync(
      join(recorder.folder, 'base-images.json'),
      JSON.stringify({
        version: 1,
        defaults: { 'compile-in': 'container' },
        images: [...THREE.slice(0, 2), { name: 'three', with: ['tmp'] }],
      }),
    )
    expect((await build(recorder)).code).toBe(0)
    expect(compiled(recorder) - before).toBe(1)
  },
)

posix('names choose, and an unknown one is refused before anything is made', async () => {
  const recorder = openWith(THREE)
  const wrong = await build(recorder, 'thre')
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('Did you mean three?')])
  expect(recorder.asked()).toEqual([])
  await build(recorder, 'three')
  expect(recorder.images()).not.toContain('one:latest')
})

posix('--json tells of each image by its name, and sums up', async () => {
  const { code, lines } = await build(openWith(THREE), '--json')
  const events = lines.map(line => JSON.parse(line) as Record<string, unknown>)
  expect([code, events[0]]).toEqual([0, expect.objectContaining({ type: 'build', version: 1 })])
  const outcomes = events.filter(({ type }) => type === 'outcome').map(({ of }) => of)
  expect(outcomes.toSorted()).toEqual(['one', 'three', 'two'])
  expect(events.at(-1)).toMatchObject({
    type: 'build-done',
    exitCode: 0,
    images: [{ name: 'one', state: 'made' }, { name: 'two' }, { name: 'three' }],
  })
})

posix('--plan prints every plan and makes nothing', async () => {
  const recorder = openWith(THREE)
  const { code, out } = await build(recorder, '--plan')
  expect([code, existsSync(join(recorder.folder, 'images'))]).toEqual([0, false])
  expect(out.match(/^1\. Check the engine$/gm)).toHaveLength(3)
})

posix(
  'of a full image for several architectures this machine’s own is made, and what is pushed stays whole',
  async () => {
    const recorder = openWith([
      { name: 'several', release: 'trixie', arch: ['amd64', 'arm64'] },
      { name: 'one' },
    ])
    const own = archOf(process.arch)
    const { code, out } = await build(recorder, '--plan')
    expect(code).toBe(0)
    expect(out).toContain(`linux/${own} → several`)
    expect(out).toContain(`It is made for ${own}, this machine's own, of several: --arch `)
    const pushed = await build(recorder, '--plan', '--push', 'reg.example/acme')
    expect([pushed.code, pushed.err]).toEqual([
      2,
      expect.stringContaining('Image several: A full image is made for one architecture at a time'),
    ])
  },
)

posix(
  'what an image can’t be made for here is told with its name, and the others are made',
  async () => {
    const recorder = openWith([
      { name: 'one' },
      { name: 'two', bootstrap: 'host', release: 'noble', arch: 's390x' },
    ])
    const { code, out } = await build(recorder)
    expect(code).toBe(1)
    expect(out).toMatch(/ {2}failed {2}two {2}\S/)
    expect(recorder.images()).toContain('one:latest')
  },
)

posix(
  'a stop ends those at work, begins no other, and leaves no container and no folder',
  async () => {
    const recorder = openWith(THREE, { plays: [INSTALLS, { of: '-static', hangs: true }] })
    const controller = new AbortController()
    const tasks = ['one', 'two', 'three'].map(name => ({
      name,
      folder: join(recorder.folder, name),
      work: {
        plan: planHere(recorder, ['--yes', '--tag', name, '--compile-in', 'container']),
        facts: facts(),
      },
    }))
    const states: string[] = []
    let compiling = 0
    const view: BuildView = {
      start: () => undefined,
      show: (_, events) => {
        for (const event of events)
          if (event.type === 'step-started' && event.step === 'compile' && ++compiling === 2)
            setTimeout(() => controller.abort('SIGINT'), 50)
      },
      ended: (index, { state }) => void (states[index] = state),
      finish: () => undefined,
      close: () => undefined,
    }
    const running = { jobs: 2, force: false, signal: controller.signal, io: ioIn(recorder) }
    expect(await runAll(tasks, view, running)).toBe(130)
    expect(states).toEqual(['stopped', 'stopped', 'stopped'])
    expect(recorder.containers()).toEqual([])
    expect(tasks.map(({ folder }) => existsSync(folder))).toEqual([false, false, false])
  },
)

posix(
  'init leaves out a variant where it is the usual one of what ships, and never a recipe’s',
  async () => {
    const recorder = openRecorder({ plays: PLAYS })
    const folders = {
      a: { distro: 'debian', release: 'bookworm', variant: 'minbase' },
      b: { distro: 'debian', release: 'bookworm', variant: 'buildd' },
      c: { distro: 'fedora', release: '44', variant: 'default' },
      d: { distro: 'mine', release: 'x', variant: 'minbase', recipe: './recipe' },
    }
    for (const [name, answers] of Object.entries(folders)) {
      const ours = join(recorder.folder, name, '.create-base-image')
      mkdirSync(ours, { recursive: true })
      const state = { version: 1, finished: true, written: {}, steps: {} }
      const all = { version: 1, kind: 'full', tag: name, slim: 'no', ...answers }
      writeFileSync(join(ours, 'state.json'), JSON.stringify({ ...state, answers: all }))
    }
    expect(await main(['init'], ioIn(recorder))).toBe(0)
    const { images } = JSON.parse(
      readFileSync(join(recorder.folder, 'base-images.json'), 'utf8'),
    ) as { images: { name: string; variant?: string }[] }
    expect(images.map(({ name, variant }) => [name, variant])).toEqual([
      ['a', undefined],
      ['b', 'buildd'],
      ['c', undefined],
      ['d', 'minbase'],
    ])
  },
)

posix('init writes the folders that are there, and build makes the same of them', async () => {
  const recorder = openRecorder({ plays: PLAYS })
  const io = ioIn(recorder)
  await main(['--yes', '--tag', 'one', '--compile-in', 'container', '--with', 'tmp'], io)
  expect(await main(['init'], io)).toBe(0)
  const written = readFileSync(join(recorder.folder, 'base-images.json'), 'utf8')
  expect(JSON.parse(written)).toMatchObject({
    version: 1,
    images: [{ name: 'one', kind: 'minimal', folder: 'one', with: 'tmp' }],
  })
  const before = compiled(recorder)
  expect((await build(recorder)).code).toBe(0)
  expect(compiled(recorder)).toBe(before)
  expect(await main(['init'], io)).toBe(2)
})
