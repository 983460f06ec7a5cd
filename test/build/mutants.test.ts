import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { mutantsOf, mutated, watched } from '../../scripts/mutate/mutants.mjs'
import { filesBelow, reachOfTests } from '../../scripts/mutate/reach.mjs'
import { sampleOf } from '../../scripts/mutate/sample.mjs'
import { tableOf } from '../../scripts/mutate/table.mjs'
import { startTypes } from '../../scripts/mutate/types.mjs'
import { startVitest } from '../../scripts/mutate/vitest.mjs'

const changes = (operator: string, source: string): string[] =>
  mutantsOf('a.ts', source)
    .filter(mutant => mutant.operator === operator)
    .map(mutant => mutated(source, mutant))

test.each([
  ['condition', 'if (a) b()', ['if (!(a)) b()']],
  ['condition', 'if (a === 1) b()', []],
  ['comparison', 'x = a < b', ['x = a <= b']],
  ['comparison', 'x = a === b', ['x = a !== b']],
  ['arithmetic', 'x = a + 1', ['x = a - 1']],
  ['arithmetic', "x = a + 'text'", []],
  ['logic', 'x = a && b', ['x = a || b']],
  ['logic', 'x = a ?? b', ['x = (a)']],
  ['statement', 'a(); throw b', ['; throw b', 'a(); ;']],
  ['await', 'x = await a()', ['x = (a())']],
  ['await', 'await a()', []],
  ['boolean', 'x = true', ['x = false']],
  ['number', 'x = [0, 7]', ['x = [1, 7]', 'x = [0, 8]']],
  ['text', "run('rm', ['--force'])", ["run('', ['--force'])", "run('rm', [''])"]],
  ['text', "fail('there is no such file')", []],
  ['text', "x = 'a'", []],
  ['element', 'x = [a, b]', ['x = [b]', 'x = [a]']],
  ['element', 'x = [a,]', ['x = []']],
  ['option', 'f({ a: 1, b })', ['f({ b })', 'f({ a: 1 })']],
  ['option', 'x = { a: 1 }', []],
  ['method', 'x = a.some(b)', ['x = a.every(b)']],
  ['method', 'x = a.toString()', []],
  ['anchor', 'x = /^a$/', ['x = /a$/', 'x = /^a/']],
  ['anchor', String.raw`x = /\$/`, []],
])('%s of: %s', (operator, source, all) => {
  expect(changes(operator, source)).toEqual(all)
})

test('types and imports are left alone', () => {
  const source = "import a from 'b'\ntype C = 'd' | 7\nconst e = f as Array<'g'>"
  expect(mutantsOf('a.ts', source)).toEqual([])
})

test('a change knows the function that it is in, and the run that only looks notes that one', () => {
  const source = 'const a = () => { b(1) }\nconst c = d => d + 2\nconst e = 3'
  const numbers = mutantsOf('a.ts', source).filter(({ operator }) => operator === 'number')
  expect(numbers.map(({ within, line }) => [within, line])).toEqual([
    [0, 1],
    [1, 2],
    [null, 3],
  ])
  const note = (place: number | string): string =>
    `(globalThis.mutateHits ??= new Set()).add("a.ts#${place}")`
  expect(watched('a.ts', source)).toBe(
    `${note('top')};const a = () => {${note(0)}; b(1) }\nconst c = d => (${note(1)}, d + 2)\nconst e = 3`,
  )
})

test('a sample is the same for the same seed, and another for another', () => {
  const all = Array.from({ length: 100 }, (_, index) => index)
  const first: number[] = sampleOf(all, 10, 1)
  expect(first).toEqual(sampleOf(all, 10, 1))
  expect(first).not.toEqual(sampleOf(all, 10, 2))
  expect(new Set(first).size).toBe(10)
  expect(first).toEqual(first.toSorted((a, b) => a - b))
})

test('what changed the sources of a room is still code', () => {
  const files = filesBelow(process.cwd(), 'src/run', /\.tsx?$/)
  const sources = new Map(files.map(file => [file, readFileSync(file, 'utf8')]))
  const all = files.flatMap(file => mutantsOf(file, sources.get(file)!))
  expect(all.length).toBeGreaterThan(2000)
  for (const mutant of sampleOf(all, 60, 1))
    expect(() => mutantsOf(mutant.file, mutated(sources.get(mutant.file)!, mutant))).not.toThrow()
  for (const [file, source] of [...sources].slice(0, 20))
    expect(() => mutantsOf(file, watched(file, source))).not.toThrow()
})

test('the tests that reach a file are known, without those of an engine', () => {
  const reach = reachOfTests(process.cwd())
  expect(reach.get('test/run/turn.test.ts')).toContain('src/run/turn.ts')
  expect(reach.get('test/text/parse-size.test.ts')).not.toContain('src/run/turn.ts')
  expect([...reach.keys()].filter(test => test.startsWith('test/engine/'))).toEqual([])
})

test('the table counts what timed out as noticed, and leaves out what the types refuse', () => {
  const of = (fate: string) => ({ file: 'src/run/a.ts', fate })
  const mutants = ['refused', 'killed', 'killed', 'timed out', 'survived'].map(of)
  expect(tableOf(mutants, ['src/run', 'src/oci']).slice(2)).toEqual([
    '| src/run | 5 | 1 | 2 | 1 | 1 | 75 % |',
    '| all | 5 | 1 | 2 | 1 | 1 | 75 % |',
  ])
})

test('a change that a test notices is not held against the next one', async () => {
  const vitest = startVitest(process.cwd())
  onTestFinished(vitest.stop)
  const path = join(process.cwd(), 'src/text/parse-size.ts')
  const tests = ['test/text/parse-size.test.ts']
  const changed = await vitest.run(
    { tests, path, text: 'export const parseSize = () => 7\n' },
    60_000,
  )
  expect(changed).toMatchObject({ modules: [{ failed: expect.any(String) as string }] })
  const other = await vitest.run({ tests: ['test/run/clean-up/alive.test.ts'] }, 60_000)
  expect(other).toMatchObject({ errors: [], modules: [{ failed: null }] })
  const same = await vitest.run({ tests }, 60_000)
  expect(same).toMatchObject({ errors: [], modules: [{ failed: null }] })
})

test('a change that the types refuse is known as that, and the next one is seen by itself', async () => {
  const types = await startTypes(process.cwd())
  onTestFinished(types.stop)
  const file = 'src/text/parse-size.ts'
  const source = readFileSync(file, 'utf8')
  expect(await types.wrong(file, source)).toBeNull()
  expect(await types.wrong(file, `${source}\nconst a: number = 'b'\nexport { a }`)).toContain(
    "not assignable to type 'number'",
  )
  expect(await types.wrong(file, source)).toBeNull()
})
