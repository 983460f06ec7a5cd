import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { lessonFile, lessonOfRun } from '../../src/learn/lesson-file.ts'
import { recapOf, recapText } from '../../src/learn/recap.ts'
import { stepLessons } from '../../src/learn/steps.ts'
import { distributionNamed } from '../../src/catalog/distributions.ts'
import { familyOf } from '../../src/plan/full/families/index.ts'
import { planToShow } from '../../src/plan/plan-to-show.ts'
import { planFor } from '../../src/plan/plan.ts'
import type { Event } from '../../src/run/events.ts'
import { firstSentence } from '../../src/text/first-sentence.ts'
import { facts, full, given, noEngine } from '../plan/minimal/inputs.ts'
import { HALFWAY, OUTCOME, started } from '../show/live/events.ts'
import { listeningIo } from './io.ts'

const WORDS = { client: 'podman', image: 'mine', folder: 'there' }

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lesson-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test.each([
  ['One. Two.', 'One.'],
  ['ubuntu:20.04 is old. So what?', 'ubuntu:20.04 is old.'],
  ['It asks "why?" and waits. Then.', 'It asks "why?" and waits.'],
  ['Only one', 'Only one'],
])('the first sentence of %j is %j', (text, sentence) => {
  expect(firstSentence(text)).toBe(sentence)
})

const PLANS = {
  'in a container, with everything': planFor(
    given('--with', 'ca-certificates,tzdata,user', '--compile-in', 'container'),
    facts(),
  ),
  raw: planFor(given('--program', 'raw'), facts()),
  'without an engine': planFor(given('--program', 'raw', '--engine', 'none'), facts(noEngine)),
  'full, debootstrap': planFor(full('--bootstrap', 'debootstrap', '--verify'), facts()),
}

test.each(Object.entries(PLANS))('each step of a plan %s has a lesson', (_, plan) => {
  const lessonOf = stepLessons(plan.journey, WORDS)
  expect(plan.steps.map(({ id }) => id).filter(id => lessonOf(id) === null)).toEqual([])
  for (const { id } of plan.steps) expect(JSON.stringify(lessonOf(id))).not.toMatch(/[{]\w+[}]/)
})

test.each(Object.entries(PLANS))('reasons of a plan %s have a short first sentence', (_, plan) => {
  for (const { why } of plan.steps) expect(firstSentence(why).length).toBeLessThanOrEqual(200)
})

const FAMILIES = ['alpine', 'fedora', 'rocky', 'tumbleweed', 'arch', 'busybox', 'devuan']

test.each(
  FAMILIES.flatMap(name => [
    [name, 'an engine', facts()] as const,
    [name, 'none', facts({ ...noEngine, host: null })] as const,
  ]),
)('each step of %s with %s has a lesson in the words of its tool', (name, _, machine) => {
  const plan = planToShow(full('--release', name), machine)
  const { tool } = familyOf(distributionNamed(String(plan.answers['distro'])))
  const lessonOf = stepLessons('full', { ...WORDS, tool })
  const ids = plan.steps.map(({ id }) => id)
  expect(ids.filter(id => lessonOf(id) === null)).toEqual([])
  const own = ids.find(id => id === 'bootstrap' || id === 'pack')!
  const usual = stepLessons('full', WORDS)(own)
  if (tool === 'debootstrap') expect(lessonOf(own)).toEqual(usual)
  else expect(lessonOf(own)).not.toEqual(usual)
})

test('a recap has each step with the command as it ran, and what came of it', () => {
  const recap = recapOf([...HALFWAY, OUTCOME])
  expect(recap?.steps.map(({ id, result }) => [id, result])).toEqual([
    ['engine', 'Docker 28.2, linux/amd64, in 0.2 s'],
    ['builder', '29.7 MB, in 4.1 s'],
    ['bootstrap', null],
    ['import', null],
    ['run', null],
  ])
  const other = { ...started('engine'), commands: ['docker version'] }
  expect(recapOf([...HALFWAY, other])?.steps[0]?.commands).toEqual(['docker version'])
  expect(recapOf([])).toBeNull()
})

test.each([40, 80])('no line of a recap is wider than %i columns', width => {
  const text = recapText(recapOf(HALFWAY)!, width)
  expect(text.split('\n').filter(line => line.length > width)).toEqual([])
  expect(text).toContain('3. Bootstrap noble  (not reached)')
})

test('LESSON.md has command, reason, idea, something to try, and the words it uses', () => {
  const { file, text } = lessonOfRun('full', WORDS, [...HALFWAY, OUTCOME])
  expect(file).toBe('LESSON.md')
  expect(text).toContain('## 2. Get the builder ubuntu:24.04\n\nThe reason for builder is')
  expect(text).toContain('\n    docker builder --with=arguments\n')
  expect(text).toContain('- **Remember**: A builder is a workshop.')
  expect(text).toContain('podman image ls')
  expect(text).toContain('- **layer**: ')
  expect(text).not.toContain('- **RUN**: ')
  expect(() => lessonOfRun('full', WORDS, [])).toThrow('no plan')
})

test('a step without a lesson keeps its reason and its command', () => {
  const text = lessonFile(recapOf(HALFWAY)!, () => null)
  expect(text).toContain('The reason for bootstrap')
  expect(text).not.toContain('Take away')
})

test('recap reads the journal of a folder, also one whose last line is cut', async () => {
  const lines = [...HALFWAY].map(event => JSON.stringify({ at: 'now', ...event }))
  const ours = join(folder, '.create-base-image')
  const { mkdirSync } = await import('node:fs')
  mkdirSync(ours)
  writeFileSync(join(ours, 'journal.ndjson'), `${lines.join('\n')}\n{"type":"outc`)
  const io = listeningIo(folder)
  expect(await main(['recap'], io)).toBe(0)
  expect(io.said()).toContain('1. Check the engine\n   $ docker engine --with=arguments\n')
})

test('recap says so where no run was', async () => {
  const io = listeningIo(folder)
  expect(await main(['recap'], io)).toBe(2)
  expect(io.complained()).toContain('This folder has no journal of a run.')
  expect(await main(['recap', 'a', 'b'], io)).toBe(2)
})

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))

/** Runs the shipped command without an engine, and gives what it printed. */
const cli = (...argv: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: folder, DOCKER_HOST: 'unix:///nowhere.sock' }
    execFile(process.execPath, [BIN, ...argv], { cwd: folder, env }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stdout + stderr)),
    ).stdin?.end()
  })

test('a run leaves LESSON.md, names it, and leaves a changed one alone', async () => {
  const command = ['--yes', '--engine', 'none', '--program', 'raw:Hi']
  const path = join(folder, 'hello', 'LESSON.md')
  const events = (await cli(...command, '--json')).trim().split('\n')
  expect((JSON.parse(events.at(-1)!) as Event & { lesson: string }).lesson).toBe(path)
  expect(readFileSync(path, 'utf8')).toContain('## 2. Write hello, a program of two system calls')
  writeFileSync(path, 'My own notes.\n')
  expect(await cli(...command)).toContain('LESSON.md has each step')
  expect(readFileSync(path, 'utf8')).toBe('My own notes.\n')
})
