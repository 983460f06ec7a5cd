// What is known of the tests before anything is changed: what each takes, and what it goes through.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { temporaryFolder } from '../temporary/folder.mjs'
import { importersIn, reachOfTests } from './reach.mjs'
import { startVitest } from './vitest.mjs'

/** What the first run of all tests may take. */
const FIRST = 1_800_000

/** What notes the hits: another one notes others. */
const WATCHER = 'scripts/mutate/mutants.mjs'

/** Where it is kept for the next mutation run. */
const KEPT = 'node_modules/.cache/mutate/known.json'

/**
 * Looks at all tests that reach one of the files. Gives the files that each reaches (`reach`), who imports what (`importers`), and for each that is sound
 * its `milliseconds` and its `hits`. Only those run that an earlier look did not see as they are now. Throws when they
 * do not end.
 */
export const lookAt = async (root, files, say) => {
  const reach = reachOfTests(root)
  const tests = [...reach.keys()].filter(test => [...reach.get(test)].some(file => files.has(file)))
  const keys = new Map(tests.map(test => [test, keyOf(root, reach.get(test))]))
  const before = readKept(root)
  const isNew = test => before[test]?.key !== keys.get(test)
  const fresh = tests.filter(isNew)
  say(
    `${tests.length} files of tests reach these sources; first ${fresh.length} of them, unchanged`,
  )
  const seen = fresh.length === 0 ? {} : await runUnchanged(root, fresh, keys)
  const all = { ...before, ...seen }
  writeKept(root, all)
  const failing = tests.filter(test => all[test].failed !== null)
  for (const test of failing) say(`left out, it fails as it is: ${test}, ${all[test].failed}`)
  const sound = tests.filter(test => all[test].failed === null)
  return {
    reach,
    importers: importersIn(root, reach),
    tests: new Map(sound.map(test => [test, { ...all[test], hits: new Set(all[test].hits) }])),
  }
}

const runUnchanged = async (root, tests, keys) => {
  const folder = temporaryFolder('cbi-mutate-')
  const vitest = startVitest(root, folder)
  try {
    const end = await vitest.run({ tests }, FIRST)
    if (end === null) throw new Error('The tests did not end in half an hour.')
    const hits = readHits(root, folder)
    return Object.fromEntries(
      end.modules.map(({ test, milliseconds, failed }) => [
        test,
        { key: keys.get(test), milliseconds, failed, hits: hits.get(test) ?? [] },
      ]),
    )
  } finally {
    vitest.stop()
  }
}

const readHits = (root, folder) =>
  new Map(
    readdirSync(folder)
      .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')))
      .map(({ test, hits }) => [relative(root, test).replaceAll('\\', '/'), hits]),
  )

const keyOf = (root, files) => {
  const hash = createHash('sha256')
  for (const file of [...files, WATCHER].toSorted())
    hash.update(readFileSync(join(root, file))).update('\0')
  return hash.digest('hex')
}

const readKept = root => {
  try {
    return JSON.parse(readFileSync(join(root, KEPT), 'utf8'))
  } catch {
    return {}
  }
}

const writeKept = (root, known) => {
  mkdirSync(dirname(join(root, KEPT)), { recursive: true })
  writeFileSync(join(root, KEPT), JSON.stringify(known))
}
