// Changes the sources, one small thing at a time, and sees whether a test that needs no engine notices.
//   npm run mutate -- [--sample N] [--only PATH] [--seed N] [--json]
// --sample N takes so many changes of each room, 30 when it is left out; --only takes a room, a folder below one or a
// file. A change is in the memory of the vitest that runs: no file is touched.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setup } from './build/fresh.mjs'
import { mutantsOf, mutated } from './mutate/mutants.mjs'
import { filesBelow, reachOfTests } from './mutate/reach.mjs'
import { sampleOf } from './mutate/sample.mjs'
import { tableOf } from './mutate/table.mjs'
import { startVitest } from './mutate/vitest.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const ROOMS = ['src/run', 'src/oci', 'src/engine', 'src/plan']
/** What the first run of all tests may take, and what one mutant may beside its tests' own time. */
const FIRST = 1_800_000
const MORE = 15_000

const main = async () => {
  const { sample, only, seed, json } = options()
  const rooms = only === undefined ? ROOMS : [only.replace(/^(?!src\/)/, 'src/').replace(/\/$/, '')]
  const chosen = rooms.flatMap(room => sampleOf(mutantsBelow(room), sample, seed))
  if (chosen.length === 0) throw new Error(`There is nothing to change in ${only}.`)
  // Some tests run what ships.
  setup()
  const known = await lookAt(new Set(chosen.map(({ file }) => file)))
  const vitest = startVitest(ROOT)
  process.on('exit', vitest.stop)
  const done = []
  for (const mutant of chosen) {
    const result = { ...mutant, ...(await tryOut(mutant, known, vitest)) }
    done.push(result)
    say(`${done.length}/${chosen.length} ${lineOf(result)}`)
  }
  vitest.stop()
  if (json) console.log(JSON.stringify({ sample, seed, mutants: done }, null, 2))
  else console.log(tableOf(done, ROOMS).join('\n'))
}

const options = () => {
  const { values } = parseArgs({
    options: {
      sample: { type: 'string', default: '30' },
      only: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
    },
  })
  const [sample, seed] = [Number(values.sample), Number(values.seed)]
  if (!(sample > 0) || !Number.isInteger(seed))
    throw new Error('--sample takes a number of changes, --seed a whole number.')
  return { ...values, sample, seed }
}

const mutantsBelow = place => {
  const files = /\.tsx?$/.test(place) ? [place] : filesBelow(ROOT, place, /\.tsx?$/)
  return files.flatMap(file => mutantsOf(file, sourceOf(file)))
}

const sourceOf = file => readFileSync(join(ROOT, file), 'utf8')

/** Runs all tests that reach one of the files, unchanged: what each takes, and what it goes through. */
const lookAt = async files => {
  const reach = reachOfTests(ROOT)
  const tests = [...reach].filter(([, reached]) => [...reached].some(file => files.has(file)))
  say(`first the ${tests.length} files of tests that reach these sources, unchanged`)
  const hits = mkdtempSync(join(tmpdir(), 'cbi-mutate-'))
  const vitest = startVitest(ROOT, hits)
  try {
    const end = await vitest.run({ tests: tests.map(([test]) => test) }, FIRST)
    if (end === null) throw new Error('The tests did not end in half an hour.')
    const failed = end.modules.filter(module => module.failed !== null)
    for (const { test, failed: what } of failed)
      say(`left out, it fails as it is: ${test}, ${what}`)
    const sound = end.modules.filter(module => module.failed === null)
    return { reach, hits: readHits(hits), times: new Map(sound.map(m => [m.test, m.milliseconds])) }
  } finally {
    vitest.stop()
    rmSync(hits, { recursive: true, force: true })
  }
}

const readHits = folder =>
  new Map(
    readdirSync(folder)
      .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))
      .map(({ test, hits }) => [relative(ROOT, test).replaceAll('\\', '/'), new Set(hits)]),
  )

const tryOut = async (mutant, { reach, hits, times }, vitest) => {
  const { file, within } = mutant
  const tests = [...times.keys()]
    .filter(test =>
      within === null ? reach.get(test).has(file) : hits.get(test)?.has(`${file}#${within}`),
    )
    .toSorted((a, b) => times.get(a) - times.get(b))
  if (tests.length === 0) return { fate: 'survived', by: 'no test goes through it' }
  const took = tests.reduce((sum, test) => sum + times.get(test), 0)
  const task = { tests, path: join(ROOT, file), text: mutated(sourceOf(file), mutant) }
  const end = await vitest.run(task, took * 3 + MORE)
  if (end === null) return { fate: 'timed out' }
  const failed = end.modules.find(module => module.failed !== null)
  const by = failed === undefined ? end.errors[0] : `${failed.test}: ${failed.failed}`
  return by === undefined ? { fate: 'survived' } : { fate: 'killed', by }
}

/** Stdout is for the result. */
const say = text => console.error(text)

const lineOf = ({ fate, file, line, operator, start, end, text, by = '' }) => {
  const was = sourceOf(file).slice(start, end).replaceAll(/\s+/g, ' ')
  return `${fate}: ${file}:${line} ${operator}: ${was.slice(0, 60)} -> ${text.slice(0, 60)} ${fate === 'survived' ? by : ''}`
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
