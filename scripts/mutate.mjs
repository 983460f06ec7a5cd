// Changes the sources, one small thing at a time, and sees whether a test that needs no engine notices.
//   npm run mutate -- [--sample N] [--only PATH] [--seed N] [--json]
// --sample N takes so many changes of each room, 30 when it is left out; --only takes a room, a folder below one or a
// file. A change is in the memory of the vitest that runs: no file is touched.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { setup } from './build/fresh.mjs'
import { lookAt } from './mutate/known.mjs'
import { mutantsOf, mutated, TOP } from './mutate/mutants.mjs'
import { filesBelow, usersOf } from './mutate/reach.mjs'
import { sampleOf } from './mutate/sample.mjs'
import { tableOf } from './mutate/table.mjs'
import { startTypes } from './mutate/types.mjs'
import { startVitest } from './mutate/vitest.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const ROOMS = ['src/run', 'src/oci', 'src/engine', 'src/plan']
/** What one mutant may take besides its tests' own time. */
const MORE = 15_000
/** So many files that a test reaches are near to it; one that is farther counts as a test of so many milliseconds more. */
const NEAR = 20
const FAR = 2_000

const main = async () => {
  const { sample, only, seed, json } = options()
  const rooms = only === undefined ? ROOMS : [only.replace(/^(?!src\/)/, 'src/').replace(/\/$/, '')]
  const chosen = rooms.flatMap(room => sampleOf(mutantsBelow(room), sample, seed))
  if (chosen.length === 0) throw new Error(`There is nothing to change in ${only}.`)
  // Some tests run what ships.
  setup()
  const known = await lookAt(ROOT, new Set(chosen.map(({ file }) => file)), say)
  const [vitest, types] = [startVitest(ROOT), await startTypes(ROOT)]
  const stop = () => {
    vitest.stop()
    types.stop()
  }
  process.on('exit', stop)
  const done = []
  for (const mutant of chosen) {
    const result = { ...mutant, ...(await tryOut(mutant, known, { vitest, types })) }
    done.push(result)
    say(`${done.length}/${chosen.length} ${lineOf(result)}`)
  }
  // They would keep this process alive.
  stop()
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

const tryOut = async (mutant, all, { vitest, types }) => {
  const { file } = mutant
  const { reach, tests: known } = all
  const text = mutated(sourceOf(file), mutant)
  const wrong = await types.wrong(file, text)
  if (wrong !== null) return { fate: 'refused', by: wrong }
  const tests = testsOf(mutant, all).toSorted(
    (a, b) => rankOf(file, reach.get(a), known.get(a)) - rankOf(file, reach.get(b), known.get(b)),
  )
  if (tests.length === 0) return { fate: 'survived', by: 'no test goes through it' }
  const took = tests.reduce((sum, test) => sum + known.get(test).milliseconds, 0)
  const task = { tests, path: join(ROOT, file), text }
  const end = await vitest.run(task, took * 3 + MORE)
  if (end === null) return { fate: 'timed out' }
  const failed = end.modules.find(module => module.failed !== null)
  const by = failed === undefined ? end.errors[0] : `${failed.test}: ${failed.failed}`
  return by === undefined ? { fate: 'survived' } : { fate: 'killed', by }
}

const testsOf = ({ file, within }, { importers, tests }) => {
  const names = [...tests.keys()]
  if (within !== null) return names.filter(test => tests.get(test).hits.has(`${file}#${within}`))
  const users = usersOf(ROOT, file, importers)
  return names.filter(test => {
    const { hits } = tests.get(test)
    const isUsed = hit => !hit.endsWith(`#${TOP}`) && users.has(hit.split('#')[0])
    return hits.has(`${file}#${TOP}`) && (users.has(test) || [...hits].some(isUsed))
  })
}

/** The tests that import a file by few steps come first, and of those the short ones: they most often notice. */
const rankOf = (file, reached, { milliseconds }) =>
  Math.floor([...reached].indexOf(file) / NEAR) * FAR + milliseconds

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
