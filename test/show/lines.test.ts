import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Event } from '../../src/run/events.ts'
import { linesView } from '../../src/show/lines.ts'
import { paintFor } from '../../src/show/paint.ts'

beforeEach(() => vi.useFakeTimers({ now: 0 }))
afterEach(() => vi.useRealTimers())

const plan: Event = {
  type: 'plan',
  version: 2,
  run: 'r',
  headline: 'minimal image · hello.c · linux/amd64 → hello',
  directory: '/d',
  repeat: 'npx create-base-image --yes',
  notices: ['Know this.'],
  steps: [
    { id: 'build', title: 'Build the image hello', why: '', commands: [] },
    { id: 'run', title: 'Run it', why: '', commands: [] },
  ],
}
const started: Event = {
  type: 'step-started',
  step: 'build',
  commands: ['docker build .'],
  exact: [],
}

const shown = (verbose = false) => {
  let text = ''
  const view = linesView({
    out: { write: part => void (text += part) },
    paint: paintFor(false),
    verbose,
  })
  const show = (...events: Event[]): string => {
    text = ''
    void view.show(events)
    return text
  }
  return { view, show, said: () => text }
}

test('the head names what is made and what must be known', () => {
  expect(shown().show(plan)).toBe(
    '\ncreate-base-image   minimal image · hello.c · linux/amd64 → hello\n\n  Know this.\n    $ npx create-base-image --yes\n\n',
  )
})

test('a step is told when it begins, with its command, and when it is done, with its result', () => {
  const { show } = shown()
  show(plan)
  expect(show(started)).toBe('00:00 .. Build the image hello (1 of 2)\n         $ docker build .\n')
  vi.setSystemTime(65_000)
  expect(show({ type: 'step-done', step: 'build', seconds: 65, result: '810 kB' })).toBe(
    '01:05 ok Build the image hello: 810 kB (1 min 5 s)\n',
  )
  expect(show({ type: 'step-skipped', step: 'run', reason: 'already here' })).toBe(
    '01:05 ok Run it: already here\n',
  )
})

test('output lines are shown only when they are asked for', () => {
  const line: Event = { type: 'output', step: 'build', source: 'stderr', line: 'Step 1/3' }
  expect(shown().show(plan, started, line)).not.toContain('Step 1/3')
  expect(shown(true).show(plan, started, line)).toContain('00:00    Step 1/3\n')
})

test('progress is told at each quarter, once', () => {
  const { show } = shown()
  show(plan, started)
  const at = (fraction: number): string =>
    show({
      type: 'progress',
      step: 'build',
      fraction,
      done: fraction * 1e7,
      total: 1e7,
      unit: 'bytes',
    })
  expect([0.1, 0.26, 0.3, 0.8, 1].map(at)).toEqual([
    '',
    '00:00    26 %  2.6 MB of 10.0 MB\n',
    '',
    '00:00    80 %  8.0 MB of 10.0 MB\n',
    '',
  ])
})

test('a step that is silent for half a minute gives a sign of life', () => {
  const { view, show, said } = shown()
  show(plan, started, { type: 'progress', step: 'build', fraction: 0.1, text: 'pulling' })
  vi.advanceTimersByTime(29_000)
  expect(said()).not.toContain('still')
  vi.advanceTimersByTime(2_000)
  expect(said()).toContain('00:30    still at work: Build the image hello  10 %  pulling\n')
  void view.close()
})

test('a failure shows its last lines, what it means, what to do, and the log', () => {
  const text = shown().show(plan, {
    type: 'step-failed',
    step: 'build',
    seconds: 1,
    exitCode: 1,
    message: 'docker build ended with exit code 1.',
    lastLines: ['no space left on device'],
    remedy: {
      code: 'no-space',
      what: 'The disk of the engine is full.',
      todo: ['docker builder prune'],
      lacks: true,
    },
    repeat: 'npx create-base-image --yes',
    log: '/d/journal',
  })
  expect(text.split('\n').slice(6)).toEqual([
    '00:00 !! Failed: Build the image hello',
    '         | no space left on device',
    '         docker build ended with exit code 1.',
    '         The disk of the engine is full.',
    '         -> docker builder prune',
    '         Again: npx create-base-image --yes',
    '         The whole log: /d/journal',
    '',
  ])
})

test('a stop is told when it begins and when all is clean', () => {
  const { show } = shown()
  expect(show({ type: 'stopped', signal: 'SIGINT', clean: false })).toContain('Stopping')
  expect(show({ type: 'stopped', signal: 'SIGINT', clean: true })).toContain(
    'Nothing is left running.',
  )
})

test('what a failed run had to leave is told', () => {
  const { show } = shown()
  expect(show({ type: 'leftovers', leftFolder: '/p/.create-base-image/rootfs' })).toContain(
    'Sudo did not remove /p/.create-base-image/rootfs, which belongs to root. Later: create-base-image clean',
  )
  expect(show({ type: 'leftovers', containersRemain: true })).toContain(
    'The engine could not be asked whether a container is left.',
  )
  expect(
    show({
      type: 'leftovers',
      containersRemain: true,
      containers: ['create-base-image-1-compile-0'],
      images: ['create-base-image/unproven:1'],
    }),
  ).toContain(
    'The container create-base-image-1-compile-0 could not be removed; the image create-base-image/unproven:1, which is not proven, could not be removed. Later:',
  )
})

test('the outcome ends with what to type next, and says when nothing was proven', () => {
  const text = shown().show({
    type: 'outcome',
    image: 'hello',
    id: 'sha256:0123456789abcdef',
    platform: 'linux/amd64',
    uncompressedBytes: 810_000,
    compressedBytes: 335_000,
    sizes: [],
    proof: 'a Linux program does not run on this system',
    proven: false,
    printed: '',
    hints: [],
    files: ['/d', '/d/hello.tar'],
    seconds: 3,
    next: ['docker load --input hello.tar'],
  })
  expect(text).toContain('  Not proven  a Linux program does not run on this system\n')
  expect(text).toContain('  Size        810 kB uncompressed, 335 kB compressed')
  expect(text.trimEnd().split('\n').at(-1)).toBe(
    '    docker load --input hello.tar  # loads it into an engine',
  )
})

test('what the proof printed keeps its lines and tabs, and nothing that steers the terminal', () => {
  const text = shown().show({
    type: 'outcome',
    image: 'hello',
    id: 'sha256:0123456789abcdef',
    platform: 'linux/amd64',
    uncompressedBytes: 1,
    compressedBytes: 1,
    sizes: [],
    proof: 'run',
    proven: true,
    printed: 'a\tb\r\n\u001b[2J\u001b[31mred\u0007\u009b2K end\n',
    hints: ['Do this.'],
    files: [],
    seconds: 1,
    next: [],
  })
  expect(text).toMatch(/^\na\tb\nred end\n\n/)
})

test('colours are added only when they are wanted', () => {
  let text = ''
  const view = linesView({
    out: { write: part => void (text += part) },
    paint: paintFor(true),
    verbose: false,
  })
  void view.show([plan, { type: 'step-done', step: 'build', seconds: 1, result: '' }])
  expect(text).toContain('\u001b[32mok\u001b[39m')
})
