import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import { inspectFile } from '../../src/elf/file-kind.ts'
import { judge } from '../../src/learn/exercises/checks.ts'
import type { ImageLook, InspectedImage, RunOf } from '../../src/learn/exercises/engine.ts'
import { currentOf, readProgress, writeProgress } from '../../src/learn/exercises/progress.ts'
import { readExercises } from '../../src/learn/exercises/read.ts'
import { startExercise } from '../../src/learn/exercises/start.ts'
import {
  hintsOf,
  hintText,
  taskFile,
  taskText,
  verdictsText,
} from '../../src/learn/exercises/texts.ts'
import type { Check, Exercise } from '../../src/learn/exercises/types.ts'
import { listeningIo } from './io.ts'

const exercises = readExercises()
const WORDS = { client: 'docker' }

const EMPTY: InspectedImage = {
  id: 'sha256:e',
  arch: 'amd64',
  bytes: 0,
  user: '',
  layers: [],
  created: 0,
}
const FAILS: RunOf = { exitCode: 127, stdout: '', stderr: 'no command specified' }

/** An engine with one image under every name, or none. */
const lookAt = (
  image: Partial<InspectedImage> | null,
  run: Partial<RunOf> = {},
  files: Record<string, string> = {},
): ImageLook => ({
  inspect: async () => (image === null ? null : { ...EMPTY, ...image }),
  run: async () => ({ ...FAILS, ...run }),
  file: async (_, path) => files[path] ?? null,
})

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'exercises-'))))
afterEach(() => rmSync(folder, { recursive: true }))

test('there are at least eight, with names and images of their own', () => {
  expect(exercises.length).toBeGreaterThanOrEqual(8)
  for (const of of [exercises.map(({ name }) => name), exercises.map(({ image }) => image)])
    expect(new Set(of).size).toBe(exercises.length)
  expect(exercises.map(({ name, image }) => [name, image])).toEqual(
    exercises.map(({ name }) => [name, `learn-${name}`]),
  )
})

describe.each(exercises.map(exercise => [exercise.name, exercise] as const))(
  '%s',
  (_, exercise) => {
    test.each([
      ['no image', lookAt(null)],
      ['an empty image', lookAt({})],
      [
        'an image whose program says nothing',
        lookAt({ bytes: 1, layers: ['sha256:a'] }, { exitCode: 0 }),
      ],
    ])('%s does not pass', async (_, look) => {
      const verdicts = await judge(exercise, look)
      expect(verdicts.some(({ passed }) => !passed)).toBe(true)
      for (const { what, expected, found } of verdicts)
        expect([what, expected, found].every(text => text.length > 3)).toBe(true)
    })

    test('its words have no gaps and fit a narrow window', () => {
      const page = { place: 'exercises/x', words: WORDS, width: 40 }
      const all = [
        taskFile(exercise, WORDS),
        taskText(exercise, page),
        ...Array.from({ length: hintsOf(exercise) }, (_, i) => hintText(exercise, i + 1, page)),
      ].join('')
      expect(all).not.toMatch(/\{(?:ours|client)\}|undefined|ENGINE/)
      const prose = taskText(exercise, page)
        .split('\n')
        .filter(line => !line.startsWith('    '))
      expect(prose.filter(line => line.length > 40)).toEqual([])
    })

    test('it has a nudge, the idea and the answer, in that order', () => {
      expect(exercise.hints).toHaveLength(2)
      expect(hintText(exercise, 3, { words: WORDS, width: 80 })).toContain(': the answer\n')
    })
  },
)

const verdictOf = async (check: Check, look: ImageLook): Promise<boolean> => {
  const exercise = { ...exercises[0]!, checks: [check] }
  return (await judge(exercise, look))[1]!.passed
}

test.each<[string, Check, ImageLook, boolean]>([
  ['a root user by name', { kind: 'user' }, lookAt({ user: 'root' }), false],
  ['a root user by number', { kind: 'user' }, lookAt({ user: '0:0' }), false],
  ['another user', { kind: 'user' }, lookAt({ user: '65532:65532' }), true],
  ['19,999 bytes', { kind: 'size', below: 20_000 }, lookAt({ bytes: 19_999 }), true],
  ['20,000 bytes', { kind: 'size', below: 20_000 }, lookAt({ bytes: 20_000 }), false],
  ['a shell', { kind: 'no-shell' }, lookAt({}, {}, { '/bin/sh': 'x' }), false],
  ['itself as its parent', { kind: 'child', of: 'p' }, lookAt({ layers: ['a'] }), false],
  ['an empty file', { kind: 'file', path: '/n' }, lookAt({}, {}, { '/n': '' }), false],
  [
    'certificates that are none',
    { kind: 'certificates', path: '/c', least: 1 },
    lookAt({}, {}, { '/c': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }),
    false,
  ],
  [
    'the right words and a failure',
    { kind: 'runs', prints: 'Hi', says: 'it says Hi' },
    lookAt({}, { exitCode: 1, stdout: 'Hi\n' }),
    false,
  ],
  [
    'more than the words',
    { kind: 'runs', prints: '^Hi$', whole: true, says: 'it says Hi alone' },
    lookAt({}, { exitCode: 0, stdout: 'Ho\nHi\n' }),
    false,
  ],
  [
    'a line of its own among others',
    { kind: 'runs', prints: '^Hi$', says: 'it says Hi' },
    lookAt({}, { exitCode: 0, stdout: 'Ho\nHi\n' }),
    true,
  ],
  ['another shell', { kind: 'no-shell' }, lookAt({}, {}, { '/bin/dash': 'x' }), false],
])('%s', async (_, check, look, passed) => {
  expect(await verdictOf(check, look)).toBe(passed)
})

test('a parent that was made anew since is told as that', async () => {
  const images: Record<string, Partial<InspectedImage>> = {
    p: { layers: ['new'], created: 2000 },
    c: { layers: ['old', 'mine'], created: 1000 },
  }
  const look = { ...lookAt({}), inspect: async (name: string) => ({ ...EMPTY, ...images[name] }) }
  const exercise = { ...exercises[0]!, image: 'c', checks: [{ kind: 'child', of: 'p' } as const] }
  expect((await judge(exercise, look))[1]).toMatchObject({
    passed: false,
    found: '2 layers, and p was made after it: build it once more',
  })
})

test('a failed check says what was expected and what was found', async () => {
  const exercise = exercises.find(({ name }) => name === 'small')!
  const look = lookAt({ bytes: 762_000 }, { exitCode: 0, stdout: 'Hello\n' })
  expect(verdictsText(await judge(exercise, look), 80)).toContain(
    '  no  it is smaller than 20.0 kB\n        expected  less than 20.0 kB\n        found     762 kB\n',
  )
})

test('the program of missing-file is one that asks for a loader', async () => {
  const exercise = exercises.find(({ name }) => name === 'missing-file')!
  await startExercise(exercise, folder, { replace: false, arch: 'amd64', words: WORDS })
  const file = await inspectFile(join(folder, 'missing-file', 'hello'))
  expect(file).toMatchObject({
    elf: { linkage: 'dynamic', interpreter: '/lib64/ld-linux-x86-64.so.2' },
  })
})

test('what the learner changed stays, and a reset brings the first files back', async () => {
  const exercise = exercises[0]!
  const source = join(folder, exercise.name, 'hello.c')
  const options = { arch: 'amd64', words: WORDS }
  await startExercise(exercise, folder, { ...options, replace: false })
  writeFileSync(source, 'mine')
  await startExercise(exercise, folder, { ...options, replace: false })
  expect(readFileSync(source, 'utf8')).toBe('mine')
  await startExercise(exercise, folder, { ...options, replace: true })
  expect(readFileSync(source, 'utf8')).toContain('YOUR NAME')
})

test('progress is plain text that can be read, changed and carried elsewhere', async () => {
  const [first, second] = exercises as readonly [Exercise, Exercise]
  const progress = { [first.name]: { passed: true, hints: 2 } }
  await writeProgress(folder, exercises, progress)
  const path = join(folder, 'progress.txt')
  expect(readFileSync(path, 'utf8')).toContain(
    `\npassed ${first.name} hints 2\nopen   ${second.name}\n`,
  )
  expect(readProgress(folder)?.[first.name]).toEqual({ passed: true, hints: 2 })
  expect(currentOf(exercises, readProgress(folder)!)).toBe(second)
  writeFileSync(path, `nonsense\n  passed   ${second.name}\r\n`)
  expect(readProgress(folder)).toEqual({ [second.name]: { passed: true, hints: 0 } })
})

const NOWHERE = { PATH: '/nowhere', DOCKER_HOST: 'unix:///nowhere.sock' }

test('check --list and --hint work without an engine, and keep count', async () => {
  const io = listeningIo(folder, NOWHERE)
  expect(await main(['check', '--hint', 'small'], io)).toBe(0)
  expect(io.said()).toContain('Hint 1 of 3 for small')
  expect(await main(['check', '--list'], io)).toBe(0)
  expect(io.said()).toContain('->  1. your-name       Make it say your name')
  expect(io.said()).toContain('Shrink it below 20 kB  (1 hint)')
})

test('the first check gives the first task and passes nothing; the next one needs an engine', async () => {
  const io = listeningIo(folder, NOWHERE)
  expect(await main(['check'], io)).toBe(1)
  expect(io.said()).toContain('Work in the folder exercises/your-name.')
  expect(await main(['check'], io)).toBe(3)
  expect(io.complained()).toContain('judged by the image in an engine, and there is none')
})

test('an exercise that is not there is refused, with the nearest name', async () => {
  const io = listeningIo(folder, NOWHERE)
  expect(await main(['check', 'smal'], io)).toBe(2)
  expect(io.complained()).toContain('Did you mean small?')
  expect(await main(['check', 'a', 'b'], io)).toBe(2)
})
