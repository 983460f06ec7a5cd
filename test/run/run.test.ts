import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FILES_BYTES, FULL, MINIMAL, SPEAKS, TAR_BYTES } from '../recorder/plays.ts'
import { eventsOf, openRecorder, runHere, stepsOf } from '../recorder/recorder.ts'

const posix = test.skipIf(process.platform === 'win32')
const BOOKWORM = ['--kind', 'full', '--release', 'bookworm', '--bootstrap', 'container', '--yes']

posix('a minimal image is made by commands with just these options', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end).toEqual({ exitCode: 0, change: false })
  expect(stepsOf(ran)).toEqual({
    done: ['engine', 'files', 'compiler', 'compile', 'inspect', 'build', 'run'],
    skipped: ['builder'],
    failed: [],
  })
  const [install, compile, proof] = recorder.asked('create')
  expect(Object.keys(install!.options)).toEqual([
    '--name',
    '--label',
    '--log-driver',
    '--init',
    '--security-opt',
  ])
  expect(compile!.options).toMatchObject({
    '--interactive': true,
    '--network': ['none'],
    '--cap-drop': ['ALL'],
    '--security-opt': ['no-new-privileges'],
  })
  expect(proof!.words).toEqual(['hello'])
  expect(recorder.asked('build')[0]!.options).toEqual({ '--force-rm': true, '--tag': ['hello'] })
  expect(recorder.containers()).toEqual([])
  expect(recorder.read()[0]!.text).toBe(
    readFileSync(join(recorder.folder, 'hello/hello.c'), 'utf8'),
  )
  const [outcome] = eventsOf(ran, 'outcome')
  expect(outcome).toMatchObject({
    image: 'hello',
    platform: 'linux/amd64',
    // Of the files: what engines call an image's size means something else in each store.
    uncompressedBytes: statSync(join(recorder.folder, 'hello/hello')).size,
    printed: 'Hello from the recorder\n',
    proven: true,
    files: [join(recorder.folder, 'hello')],
  })
  expect(outcome!.id).toBe(recorder.engine.images.get('hello:latest')!.id)
  expect(outcome!.compressedBytes).toBeGreaterThan(0)
})

posix('a full image is made with few rights, proven under another name, and named', async () => {
  const recorder = openRecorder({ plays: FULL, registry: { 'debian:bookworm-slim': {} } })
  const ran = await runHere(recorder, BOOKWORM)
  expect(stepsOf(ran).done).toEqual([
    'engine',
    'files',
    'builder',
    'debootstrap',
    'bootstrap',
    'import',
    'run',
    'name',
  ])
  const bootstrap = recorder.asked('create')[1]!
  expect(bootstrap.options['--security-opt']).toEqual(['no-new-privileges'])
  expect(bootstrap.options['--cap-drop']).toEqual(['ALL'])
  expect(bootstrap.options['--cap-add']).toEqual([
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'SETGID',
    'SETUID',
    'SYS_CHROOT',
    'MKNOD',
  ])
  const proof = recorder.asked('create')[2]!
  expect(proof.words[0]).toMatch(/^create-base-image\/unproven:/)
  expect(recorder.read().map(({ text }) => text.length)).toEqual([
    readFileSync(join(recorder.folder, 'my-bookworm/bootstrap.sh')).length,
    readFileSync(join(recorder.folder, 'my-bookworm/pack.sh')).length,
    TAR_BYTES,
  ])
  const kept = recorder.images()
  expect(kept).toContain('my-bookworm:latest')
  expect(kept.filter(name => name.includes('unproven'))).toEqual([])
  expect(recorder.containers()).toEqual([])
  expect(eventsOf(ran, 'outcome')[0]).toMatchObject({
    uncompressedBytes: FILES_BYTES,
    sizes: [
      { bytes: 300, after: 'as debootstrap made it' },
      { bytes: 200, after: 'cleaned' },
    ],
  })
})

posix('Podman is asked in its own words', async () => {
  const recorder = openRecorder({
    plays: FULL,
    registry: { 'docker.io/library/debian:bookworm-slim': {} },
  })
  recorder.engine.image('debian:bookworm-slim')
  const engine = {
    kind: 'podman',
    client: 'podman',
    clientVersion: '5.0.0',
    serverVersion: '5.0.0',
    apiVersion: '5.0.0',
    serverName: 'Podman Engine',
    os: 'linux',
    arch: 'amd64',
    rootless: true,
    store: 'classic',
    builder: 'podman',
    buildxVersion: null,
    remote: false,
  } as const
  const ran = await runHere(recorder, [...BOOKWORM, '--engine', 'podman'], { facts: { engine } })
  expect(ran.end.exitCode).toBe(0)
  expect(recorder.asked().map(({ program }) => program)).not.toContain('docker')
  expect(recorder.asked('import')[0]!.options).toMatchObject({
    '--os': ['linux'],
    '--arch': ['amd64'],
  })
  for (const { options } of recorder.asked('create'))
    expect(options).toMatchObject({ '--stop-timeout': ['0'], '--pull': ['never'] })
})

posix('a proof that prints another release names no image', async () => {
  const plays = FULL.map(play =>
    play.of.startsWith('cat') ? { ...play, stdout: 'VERSION_CODENAME=trixie\n' } : play,
  )
  const recorder = openRecorder({ plays, registry: { 'debian:bookworm-slim': {} } })
  const ran = await runHere(recorder, BOOKWORM)
  expect(ran.end.exitCode).toBe(1)
  expect(stepsOf(ran).failed).toEqual(['run'])
  expect(eventsOf(ran, 'step-failed')[0]!.message).toContain('VERSION_CODENAME=bookworm')
  expect(recorder.images()).not.toContain('my-bookworm:latest')
  expect(recorder.images().filter(name => name.includes('unproven'))).toEqual([])
})

posix('a tar that is shorter than was announced is never imported', async () => {
  const plays = FULL.map(play =>
    play.start === 1 ? { ...play, stderr: `S: ${TAR_BYTES + 512}\n` } : play,
  )
  const recorder = openRecorder({ plays, registry: { 'debian:bookworm-slim': {} } })
  const ran = await runHere(recorder, BOOKWORM)
  expect(eventsOf(ran, 'step-failed')[0]).toMatchObject({ step: 'import' })
  expect(recorder.read().map(({ line }) => line.split(' ')[0])).not.toContain('import')
})

posix("a container's exit code is its step's, whatever the client says", async () => {
  const recorder = openRecorder({
    plays: MINIMAL.map(play =>
      play.of === '-static' ? { ...play, exitCode: 7, clientCode: 0 } : play,
    ),
  })
  const ran = await runHere(recorder, ['--yes'])
  expect(ran.end.exitCode).toBe(1)
  expect(eventsOf(ran, 'step-failed')[0]).toMatchObject({ step: 'compile', exitCode: 7 })
  expect(eventsOf(ran, 'outcome')).toEqual([])
})

posix('a client that says 0 while its container still runs has lost it', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'inspect', stdout: 'running 0 false\n' }],
  })
  const ran = await runHere(recorder, ['--yes'])
  expect(eventsOf(ran, 'step-failed')[0]!.message).toContain(
    'the connection to the container was lost',
  )
})

posix('a container that the kernel ended for want of memory is told as that', async () => {
  const recorder = openRecorder({
    plays: [...MINIMAL.slice(0, 2), { ...SPEAKS, exitCode: 137, oom: true }],
  })
  const [failed] = eventsOf(await runHere(recorder, ['--yes']), 'step-failed')
  expect(failed!.message).toContain('memory')
})

posix('a program whose compiler failed is not put in the folder', async () => {
  const plays = MINIMAL.map(play => (play.of === '-static' ? { ...play, exitCode: 1 } : play))
  const recorder = openRecorder({ plays })
  const ran = await runHere(recorder, ['--yes'])
  expect(stepsOf(ran).failed).toEqual(['compile'])
  const there = readdirSync(join(recorder.folder, 'hello'))
  expect(there.filter(name => name === 'hello' || name.includes('.part-'))).toEqual([])
  expect(recorder.containers()).toEqual([])
})

posix('a compiler that ends well and gives nothing has failed', async () => {
  const plays = MINIMAL.map(play => (play.of === '-static' ? { of: '-static' } : play))
  const ran = await runHere(openRecorder({ plays }), ['--yes'])
  expect(eventsOf(ran, 'step-failed')[0]!.message).toContain('wrote no bytes')
})

posix('an image that came out for another architecture is refused', async () => {
  const recorder = openRecorder({ plays: MINIMAL, built: { arch: 'arm64' } })
  const ran = await runHere(recorder, ['--yes'])
  expect(eventsOf(ran, 'step-failed')[0]).toMatchObject({ step: 'build' })
  expect(eventsOf(ran, 'step-failed')[0]!.message).toContain('another architecture')
})

posix('the second run of the same command does only the proof', async () => {
  const recorder = openRecorder({ plays: FULL, registry: { 'debian:bookworm-slim': {} } })
  await runHere(recorder, BOOKWORM)
  const before = recorder.asked('create').length
  const again = await runHere(recorder, BOOKWORM)
  expect(stepsOf(again)).toEqual({
    done: ['engine', 'files', 'run'],
    skipped: ['builder', 'debootstrap', 'bootstrap', 'import', 'name'],
    failed: [],
  })
  expect(recorder.asked('create').length).toBe(before + 1)
  expect(eventsOf(again, 'outcome')[0]!.id).toMatch(/^sha256:[0-9a-f]{64}$/)
})

posix('an image that somebody else has given the name is made again', async () => {
  const recorder = openRecorder({ plays: FULL, registry: { 'debian:bookworm-slim': {} } })
  await runHere(recorder, BOOKWORM)
  recorder.engine.image('my-bookworm:latest', { id: `sha256:${'9'.repeat(64)}` })
  const again = await runHere(recorder, BOOKWORM)
  expect(stepsOf(again).done).toContain('import')
})

posix('a failed step that is tried again begins anew', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', times: 1, exitCode: 1, stderr: 'no\n' }],
  })
  const ran = await runHere(recorder, ['--yes'], { decide: () => Promise.resolve('retry') })
  expect(ran.end.exitCode).toBe(0)
  expect(stepsOf(ran).failed).toEqual(['build'])
  expect(stepsOf(ran).done.filter(step => step === 'build')).toHaveLength(1)
})

posix(
  'a person who wants another answer gets it, and the step that failed is told once',
  async () => {
    const recorder = openRecorder({
      plays: MINIMAL,
      faults: [{ to: 'build .', exitCode: 1, stderr: 'no\n' }],
    })
    const ran = await runHere(recorder, ['--yes'], { decide: () => Promise.resolve('change') })
    expect(ran.end).toMatchObject({ exitCode: 1, change: true, failure: { step: 'build' } })
    expect(stepsOf(ran).failed).toEqual(['build'])
  },
)

posix('what the machine lacks ends with 3', async () => {
  const stderr =
    'Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?\n'
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', exitCode: 1, stderr }],
  })
  expect((await runHere(recorder, ['--yes'])).end.exitCode).toBe(3)
})

posix('secrets of a mirror are in no event and no file', async () => {
  const secret = 'ada:s3cret@'
  const plays = FULL.map(play =>
    play.start === 0
      ? { ...play, stderr: `I: fetching http://${secret}mirror.example/debian\n` }
      : play,
  )
  const recorder = openRecorder({ plays, registry: { 'debian:bookworm-slim': {} } })
  const ran = await runHere(recorder, [
    ...BOOKWORM,
    '--mirror',
    `http://${secret}mirror.example/debian`,
  ])
  expect(ran.end.exitCode).toBe(0)
  expect(JSON.stringify(ran.events)).toContain('mirror.example')
  expect(JSON.stringify(ran.events)).not.toContain(secret)
  const project = join(recorder.folder, 'my-bookworm')
  for (const name of readdirSync(project, { recursive: true, withFileTypes: true }))
    if (name.isFile())
      expect(readFileSync(join(name.parentPath, name.name), 'utf8'), name.name).not.toContain(
        secret,
      )
  expect(existsSync(project)).toBe(true)
})
