import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { openRecorder, type Fault, type Play, type Recorder } from '../../recorder/recorder.ts'
import { configureInEngine, type EngineRoot } from '../../../src/run/rootfs/engine-root.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { madeTar } from '../../oci/make-tar.ts'

const STAGED = 'the staged tree'
const KEY = 'k'.repeat(64)
const WORKS: Play = { of: 'configure', stderr: 'P: 50\nSetting up base-files\n' }

const open = (plays: readonly Play[], faults: readonly Fault[] = []): Recorder =>
  openRecorder({
    plays,
    faults,
    exported: madeTar([
      { path: 'etc/', type: '5', mode: 0o755 },
      { path: 'etc/issue', body: 'made by the engine' },
      { path: 'usr/', type: '5', mode: 0o755 },
    ]),
  })

interface Made {
  readonly lines: string[]
  readonly files: Record<string, string>
  readonly kept: () => number
}

/** Has the recorder's engine configure a tree; gives what came out of it. */
const configured = async (
  recorder: Recorder,
  change: Partial<EngineRoot> = {},
): Promise<Made & { readonly error: unknown }> => {
  const lines: string[] = []
  const files: Record<string, string> = {}
  let kept = 0
  const root: EngineRoot = {
    client: { program: 'docker', env: recorder.env, cwd: recorder.folder },
    platform: null,
    staged: (async function* () {
      yield Buffer.from(STAGED)
    })(),
    key: KEY,
    onKept: () => (kept += 1),
    options: ['--locale', 'C'],
    epoch: 1_700_000_000,
    runId: 'run-1',
    signal: new AbortController().signal,
    onLine: line => void lines.push(line),
    ...change,
  }
  const write = async (tar: AsyncGenerator<Uint8Array>): Promise<void> => {
    for await (const { path, body } of tarEntries(tar)) {
      const chunks: Uint8Array[] = []
      for await (const chunk of body) chunks.push(chunk)
      files[path] = Buffer.concat(chunks).toString()
    }
  }
  const error: unknown = await configureInEngine(root, write).then(
    () => null,
    (caught: unknown) => caught,
  )
  expect(getEventListeners(root.signal, 'abort')).toEqual([])
  return { lines, files, kept: () => kept, error }
}

const posix = test.skipIf(process.platform === 'win32')

posix(
  'the tree goes into the engine, is configured there, and what it became comes out',
  async () => {
    const recorder = open([WORKS])
    const made = await configured(recorder)
    expect(made.error).toBeNull()
    expect(recorder.read()).toEqual([
      { line: 'import create-base-image/staged:run-1', text: STAGED },
    ])
    expect(made.lines).toEqual(['P: 50', 'Setting up base-files'])
    expect(made.files['etc/issue']).toBe('made by the engine')
    expect(recorder.containers()).toEqual([])
    // Under its key the tree stays for the next run, and under no other name.
    expect(recorder.images()).toEqual([
      'ubuntu:20.04',
      `create-base-image/stage:${KEY.slice(0, 32)}`,
    ])
    expect(made.kept()).toBe(0)
  },
)

posix(
  'the container that configures has just these rights, no network and the label of its run',
  async () => {
    const recorder = open([WORKS])
    await configured(recorder, { platform: 'linux/arm64' })
    const [created] = recorder.asked('create')
    expect(created!.options).toEqual({
      '--platform': ['linux/arm64'],
      '--label': ['create-base-image=run-1'],
      '--log-driver': ['none'],
      '--network': ['none'],
      '--hostname': ['localhost'],
      '--security-opt': ['no-new-privileges'],
      '--cap-drop': ['ALL'],
      '--cap-add': ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP', 'SETGID', 'SETUID'],
      '--env': ['SOURCE_DATE_EPOCH=1700000000', 'HOME=/root'],
    })
    expect(created!.words.slice(1)).toEqual([
      '/bin/sh',
      '/.create-base-image/configure',
      '--locale',
      'C',
    ])
    expect(recorder.asked('import')[0]!.options).toEqual({
      '--platform': ['linux/arm64'],
      '--change': ['LABEL create-base-image.role=stage'],
    })
  },
)

posix('each question to the engine has its bound, and what works has none', async () => {
  const recorder = open([WORKS])
  await configured(recorder)
  const bounds = recorder.asked().map(({ command, seconds }) => [command, seconds])
  expect(bounds).toEqual([
    ['image inspect', 30],
    ['import', null],
    ['create', 120],
    ['start', null],
    ['export', null],
    ['image inspect', 30],
    ['tag', 30],
    ['images', 30],
    ['rm', 10],
    ['image rm', 60],
  ])
})

posix('of the trees that an engine lists, the newest first, three stay', async () => {
  const recorder = open([WORKS])
  for (const key of ['a', 'b', 'c', 'd'])
    recorder.engine.image(`create-base-image/stage:${key}`, {
      labels: { 'create-base-image.role': 'stage' },
    })
  await configured(recorder)
  const removed = recorder.asked('rmi')
  expect(removed.map(({ words }) => words)).toEqual([
    ['create-base-image/stage:d'],
    [`create-base-image/stage:${KEY.slice(0, 32)}`],
  ])
  expect(removed.map(({ seconds }) => seconds)).toEqual([60, 60])
})

posix('a tree that the engine has kept is not sent again', async () => {
  const recorder = open([WORKS, { ...WORKS, start: 1 }])
  await configured(recorder)
  const again = await configured(recorder, { runId: 'run-2' })
  expect(again.error).toBeNull()
  expect(again.kept()).toBe(1)
  expect(recorder.read()).toHaveLength(1)
  expect(again.files['etc/issue']).toBe('made by the engine')
  expect(recorder.images()).toHaveLength(2)
  const other = await configured(recorder, { key: null, runId: 'run-3' })
  expect(other.kept()).toBe(0)
  expect(recorder.read()).toHaveLength(2)
  expect(recorder.images()).toHaveLength(2)
})

posix(
  'packages that fail are told with the package and the last lines, and nothing stays',
  async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}`)
    const stderr = ['T: 3', 'F: base-files', ...lines, ''].join('\n')
    const recorder = open([{ of: 'configure', stderr, exitCode: 1 }])
    const { error } = await configured(recorder)
    expect(error).toMatchObject({
      code: 'configure-failed',
      message: `The packages could not be configured (base-files):\n${lines.slice(5).join('\n')}`,
    })
    expect(recorder.containers()).toEqual([])
    expect(recorder.images()).toEqual(['ubuntu:20.04'])
  },
)

posix.each([
  ['import', 'import', 'No space left on device'],
  ['create', 'create', 'no such capability'],
  ['export', 'export', 'the connection was lost'],
])(
  'an engine that refuses %s is told in its own words, and nothing stays',
  async (verb, to, stderr) => {
    const recorder = open([WORKS], [{ to, exitCode: 1, stderr }])
    const { error } = await configured(recorder)
    expect(error).toMatchObject({
      code: 'engine-refused',
      message: `The engine refused ${verb}: ${stderr}`,
    })
    expect(recorder.containers()).toEqual([])
    expect(recorder.images()).toEqual(['ubuntu:20.04'])
  },
)

posix('a stop ends what the container does, and nothing stays', async () => {
  const recorder = open([{ ...WORKS, hangs: true }])
  const stop = new AbortController()
  const { error } = await configured(recorder, {
    signal: stop.signal,
    onLine: line => {
      if (line.startsWith('Setting up')) stop.abort('SIGTERM')
    },
  })
  expect(error).toBe('SIGTERM')
  expect(recorder.containers()).toEqual([])
  expect(recorder.images()).toEqual(['ubuntu:20.04'])
})

posix('a tree that breaks off is no image: its own error is told', async () => {
  const recorder = open([WORKS])
  const staged = (async function* () {
    yield Buffer.from('half')
    await Promise.reject(new Error('the disk is gone'))
  })()
  const { error } = await configured(recorder, { staged })
  expect(error).toMatchObject({ message: 'the disk is gone' })
  expect(recorder.images()).toEqual(['ubuntu:20.04'])
})

posix(
  'two images of the same packages bring their tree once, and each takes its own name',
  async () => {
    const recorder = open([WORKS])
    const call = recorder.engine.call.bind(recorder.engine)
    recorder.engine.call = async one => {
      // The first goes on once the second has its tree.
      if (one.argv[0] === 'start')
        await expect.poll(() => recorder.asked('tag').length).toBeGreaterThan(0)
      return call(one)
    }
    const [first, second] = await Promise.all([
      configured(recorder, { runId: 'run-1' }),
      configured(recorder, { runId: 'run-2' }),
    ])
    expect([first.error, second.error]).toEqual([null, null])
    expect(recorder.read()).toHaveLength(1)
    expect(recorder.asked('tag')[0]!.words).toEqual([
      'create-base-image/staged:run-1',
      'create-base-image/staged:run-2',
    ])
    expect([first.kept(), second.kept()]).toEqual([0, 1])
    expect(second.files['etc/issue']).toBe('made by the engine')
    expect(recorder.containers()).toEqual([])
    expect(recorder.images()).toEqual([
      'ubuntu:20.04',
      `create-base-image/stage:${KEY.slice(0, 32)}`,
    ])
  },
)

posix('trees of other packages, and those that are kept by nothing, are each brought', async () => {
  const recorder = open([WORKS])
  const others = ['a', 'b'].map(letter => letter.repeat(64))
  await Promise.all(
    [...others, null, null].map((key, at) => configured(recorder, { key, runId: `run-${at}` })),
  )
  expect(recorder.read()).toHaveLength(4)
})

posix('a tree that another run keeps meanwhile stays the one of that key', async () => {
  const recorder = open([WORKS])
  const name = `create-base-image/stage:${KEY.slice(0, 32)}`
  const call = recorder.engine.call.bind(recorder.engine)
  let theirs = ''
  recorder.engine.call = one => {
    if (one.argv[0] === 'export') theirs = recorder.engine.image(name).id
    return call(one)
  }
  expect((await configured(recorder)).error).toBeNull()
  expect(recorder.engine.images.get(name)!.id).toBe(theirs)
  expect(recorder.asked('tag')).toEqual([])
})

posix('a kept tree of which no container can be made is brought anew', async () => {
  const recorder = open([WORKS, { ...WORKS, start: 1 }])
  await configured(recorder)
  recorder.engine.script = {
    ...recorder.engine.script,
    faults: [{ to: 'create aaaa', exitCode: 1, stderr: 'gone' }],
  }
  const again = await configured(recorder, { runId: 'run-2' })
  expect(again.error).toBeNull()
  expect(again.kept()).toBe(0)
  expect(recorder.read()).toHaveLength(2)
})

posix('Podman makes the container of what it has, and asks no registry', async () => {
  const recorder = open([WORKS])
  const { env, folder: cwd } = recorder
  await configured(recorder, { client: { program: 'podman', env, cwd } })
  expect(recorder.asked('create')[0]!.options['--pull']).toEqual(['never'])
  expect(recorder.asked('image inspect')[0]!.program).toBe('podman')
})

posix('a tree that failed serves no other image: the next one brings its own', async () => {
  const recorder = open([{ ...WORKS, exitCode: 1 }, WORKS])
  expect((await configured(recorder)).error).toMatchObject({ code: 'configure-failed' })
  recorder.engine.script = { ...recorder.engine.script, plays: [WORKS] }
  expect((await configured(recorder, { runId: 'run-2' })).error).toBeNull()
  expect(recorder.read()).toHaveLength(2)
  expect(recorder.asked('tag').map(({ words }) => words[1])).toEqual([
    `create-base-image/stage:${KEY.slice(0, 32)}`,
  ])
})

posix('of a long refusal the end is told', async () => {
  const stderr = `${'a'.repeat(5000)}${'b'.repeat(599)}c`
  const recorder = open([WORKS], [{ to: 'import', exitCode: 1, stderr }])
  const { error } = await configured(recorder)
  expect(error).toMatchObject({
    message: `The engine refused import: ${'b'.repeat(599)}c`,
    todo: ['See what the engine can do here: create-base-image doctor'],
  })
})

posix('a stop while the tree is brought ends the import, and nothing stays', async () => {
  const recorder = open([WORKS])
  const stop = new AbortController()
  const staged = (async function* () {
    yield Buffer.from('half')
    stop.abort('SIGINT')
    await new Promise(() => undefined)
  })()
  const { error } = await configured(recorder, { staged, signal: stop.signal })
  expect(error).toBe('SIGINT')
  expect(recorder.images()).toEqual(['ubuntu:20.04'])
  expect(recorder.containers()).toEqual([])
})
