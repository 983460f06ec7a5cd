import { expect, test } from 'vitest'
import { lastingText } from '../../../src/show/live/lasting.ts'
import { readAsset } from '../../../src/assets.ts'
import { learntOf } from '../../../src/learn/steps.ts'
import type { Lasting } from '../../../src/show/live/state.ts'
import { lookFor } from '../../../src/show/live/look.ts'
import { widthOf } from '../../../src/show/live/width.ts'
import { done, FAILED, OUTCOME, PLAN } from './events.ts'

const look = lookFor({ colour: false, unicode: true })

const textOf = (event: Lasting, columns = 80, by = look): string =>
  lastingText(event, PLAN.steps, by, { columns, rows: 24 })

test('a finished step is one line: title, result, seconds; a long result moves to the left', () => {
  const long = 'x'.repeat(38)
  expect(textOf(done('engine', 'Docker 28.2') as Lasting)).toBe(
    '✔ Check the engine              Docker 28.2                        0.2 s',
  )
  const moved = textOf(done('engine', long) as Lasting)
  expect(moved).toMatch(/^✔ Check the engine +x{38} +0\.2 s$/)
  expect(widthOf(moved)).toBe(72)
})

test('a result that does not fit beside its title stands below it', () => {
  expect(textOf(done('builder', 'a result of many words here') as Lasting, 40)).toBe(
    ['✔ Get the builder ubuntu:24.04     0.2 s', '  a result of many words here'].join('\n'),
  )
})

test('a skipped step says why', () => {
  const text = textOf({ type: 'step-skipped', step: 'builder', reason: 'already here' })
  expect(text).toBe('✔ Get the builder ubuntu:24.04  already here')
})

test('a failure shows its last lines, what it means, what to do and the log', () => {
  expect(textOf(FAILED)).toBe(
    [
      '✘ Failed: Bootstrap noble',
      '  | E: no room left',
      '  docker run ended with exit code 1.',
      '  The disk is full.',
      '  -> Make room.',
      '  Again: npx create-base-image --yes --release noble',
      '  The whole log: /home/me/my-noble/journal.ndjson',
      '',
    ].join('\n'),
  )
})

test('the end shows what the proof printed, without anything that could spoil the screen', () => {
  const text = textOf(OUTCOME)
  expect(text.split('\n').slice(0, 4)).toEqual(['', 'DISTRIB_ID=Ubuntu', 'and no more', ''])
  expect(text).toContain('my-noble   linux/amd64')
  expect(text).toContain('    docker run --rm my-noble')
})

test('of a proof that printed very much the beginning is shown', () => {
  const printed = Array.from({ length: 500 }, (_, index) => `line ${index}`).join('\n')
  const text = textOf({ ...OUTCOME, printed })
  expect(text).toContain('line 99\n… and 400 more lines\n')
  expect(text).not.toContain('line 100\n')
})

test('notices stand below the head, folded to the window', () => {
  const notice = 'No engine was found, so the image is written as an archive instead.'
  const text = textOf({ ...PLAN, repeat: 'npx x --yes', notices: [notice] }, 40)
  expect(text).toContain('No engine was found')
  expect(text.replaceAll(/\s+/g, ' ')).toContain(notice)
  expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(40)
})

test('a terminal without signs beyond ASCII gets none from us', () => {
  const ascii = lookFor({ colour: false, unicode: false })
  const events = [PLAN, done('engine', 'a · b'), FAILED, OUTCOME] as readonly Lasting[]
  const stopped: Lasting = { type: 'stopped', signal: 'SIGINT', clean: false }
  for (const event of [...events, stopped])
    expect(textOf(event, 80, ascii)).toMatch(/^[\n\x20-\x7E]*$/)
})

test('the end has each reason once more where the window has room for it', () => {
  const at = (columns: number, rows: number): string =>
    lastingText(OUTCOME, PLAN.steps, look, { columns, rows })
  expect(at(80, 24)).not.toContain('What was done, and why')
  const large = at(120, 40)
  expect(large).toContain('  2. Get the builder ubuntu:24.04\n     $ docker builder --with=arg')
  expect(large.split('\n').length).toBeLessThan(40)
  expect(large.indexOf('What was done')).toBeLessThan(large.indexOf('DISTRIB_ID'))
})

/** What the default run of each journey says at its end. */
const LEARNT = (() => {
  const words = { client: 'docker', image: 'hello', folder: 'hello', tool: 'debootstrap' }
  return {
    minimal: learntOf('minimal', words, ['engine', 'files', 'compile', 'inspect', 'build', 'run']),
    full: learntOf('full', words, ['engine', 'files', 'index', 'make', 'load', 'run', 'name']),
  }
})()

test('the end of a default run fits a window of 80x24, with what is to be remembered', () => {
  const next = [
    'docker run --rm hello',
    'npx create-base-image inspect hello/hello',
    'npx create-base-image --yes --compile-in host --libc musl --tag smaller',
    'sh hello/build.sh',
    'npx create-base-image tour',
  ]
  const greeting = readAsset('hello.c').match(/^ {4}".*\\n"/gm)!
  const printed = greeting.map(line => JSON.parse(line.trim()) as string).join('')
  const text = textOf({ ...OUTCOME, image: 'hello', printed, next, learnt: LEARNT.minimal })
  expect(text.split('\n').length).toBeLessThanOrEqual(24)
  for (const said of ['pull', 'create', 'run', 'loader', 'import', 'debootstrap'])
    expect(LEARNT.minimal.join(' ')).toContain(said)
  for (const said of ['Hello from', ...LEARNT.minimal.map(idea => idea.slice(0, 40))])
    expect(text).toContain(said)
  expect(text).toContain('sh hello/build.sh')
})

test('so does the end of a full one, where the distribution says less of itself', () => {
  const text = textOf({
    ...OUTCOME,
    printed: Array.from({ length: 9 }, (_, n) => `LINE=${n}`).join('\n'),
    packages: { total: 88, newer: 10, date: '2026-11-27', missing: [] },
    same: OUTCOME.id,
    next: [
      'docker run --rm --interactive --tty my-bookworm',
      'docker build --tag my-bookworm-app my-bookworm',
      'docker history my-bookworm',
    ],
    page: ['sudo debootstrap bookworm bookworm', 'sudo tar -C bookworm -c . | docker import -'],
    learnt: LEARNT.full,
  })
  expect(text.split('\n').length).toBeLessThanOrEqual(24)
  expect(text).toContain('LINE=1\n… and 7 more lines\n')
  expect(text).toContain(OUTCOME.id)
  for (const said of ['pull', 'create', 'run', 'debootstrap', 'import', 'build'])
    expect(LEARNT.full.join(' ')).toContain(said)
})

test('the end names the file that keeps the lesson, when there is one', () => {
  expect(textOf(OUTCOME)).not.toContain('LESSON.md')
  expect(textOf({ ...OUTCOME, lesson: '/home/me/my-noble/LESSON.md' })).toContain('LESSON.md')
})
