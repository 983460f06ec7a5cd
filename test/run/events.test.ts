import { expect, test } from 'vitest'
import { FULL, MINIMAL } from '../recorder/plays.ts'
import { openRecorder, runHere, type Ran, type Recorder } from '../recorder/recorder.ts'

const posix = test.skipIf(process.platform === 'win32')
const BOOKWORM = '--kind full --release bookworm --bootstrap container --yes'.split(' ')
const REGISTRY = { 'debian:bookworm-slim': {} }

/** The events of a run, one line each. */
const told = ({ folder }: Recorder, { events }: Ran): string =>
  alike(folder, events)
    // By zlib, of which each Node has its own.
    .replaceAll(/"compressedBytes":\d+/g, '"compressedBytes":0')
    // Why a step is done is for people, and changes more often.
    .replaceAll(/"why":"[^"]+"/g, '"why":"…"')
    .replaceAll(/"notices":\["[^\]]+"\]/g, '"notices":["…"]')

/** What the engine was asked and how long it had, in an order of its own: some is asked at the same time. */
const asked = ({ folder, engine }: Recorder): string =>
  alike(
    folder,
    engine.asked.map(({ program, argv, seconds }) => [seconds, program, ...argv]),
  )
    .split(/(?<=\n)/)
    .toSorted()
    .join('')

/** These values, one line each, without what differs from run to run. */
const alike = (folder: string, values: readonly unknown[]): string =>
  values
    .map(value => `${JSON.stringify(value)}\n`)
    .join('')
    .replaceAll(/[0-9a-f]{8}-\d+-[0-9a-f]{8}/g, 'RUN')
    .replaceAll(folder, '/FOLDER')
    .replaceAll(/"seconds":[\d.]+/g, '"seconds":0')
    .replaceAll(/\b(?!a{32})[0-9a-f]{64}\b/g, 'DIGEST')
    .replaceAll(/(create-base-image\/[a-z]+:)[0-9a-f]{12}/g, '$1HASH')

// What a program sees of a run by --json. Whoever changes it looks at what changed, and then: vitest -u.
posix('a minimal image tells these events', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const ran = await runHere(recorder, ['--yes'])
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/minimal.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/minimal.asked')
})

posix('a full image tells these events, and the same command once more these', async () => {
  const recorder = openRecorder({ plays: FULL, registry: REGISTRY })
  const ran = await runHere(recorder, BOOKWORM)
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/full.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/full.asked')
  const again = await runHere(recorder, BOOKWORM)
  await expect(told(recorder, again)).toMatchFileSnapshot('../fixtures/events/full-again.ndjson')
})

posix('a step that fails tells these events', async () => {
  const stderr = 'E: Unable to locate package gcc\n'
  const plays = MINIMAL.map(play =>
    play.of === 'APT::Status-Fd' ? { ...play, stderr, exitCode: 100 } : play,
  )
  const recorder = openRecorder({ plays })
  const ran = await runHere(recorder, ['--yes'])
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/failed.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/failed.asked')
})

posix('an image that fails its proof tells these events, and gives the name back', async () => {
  const plays = [...MINIMAL.slice(0, 2), { of: 'hello', exitCode: 139, stderr: 'bad\n' }]
  const recorder = openRecorder({ plays })
  recorder.engine.image('hello', { size: 4321 })
  const ran = await runHere(recorder, ['--yes'])
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/unproven.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/unproven.asked')
})

posix('a run that Ctrl-C ends tells these events', async () => {
  const plays = [MINIMAL[0]!, { ...MINIMAL[1]!, hangs: true }]
  const recorder = openRecorder({ plays })
  const stop = new AbortController()
  const call = recorder.engine.call.bind(recorder.engine)
  recorder.engine.call = one => {
    const ended = call(one)
    if (one.argv[0] === 'start' && recorder.asked('start').length === 2) stop.abort('SIGINT')
    return ended
  }
  const ran = await runHere(recorder, ['--yes'], { signal: stop.signal })
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/stopped.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/stopped.asked')
})

posix('an image that takes a name from another one tells these events', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  recorder.engine.image('hello', { size: 4321 })
  const ran = await runHere(recorder, ['--yes'])
  await expect(told(recorder, ran)).toMatchFileSnapshot('../fixtures/events/replaced.ndjson')
  await expect(asked(recorder)).toMatchFileSnapshot('../fixtures/events/replaced.asked')
})
