// A vitest that stays for a whole mutation run, in a process of its own, so that it can be ended when a mutant hangs it.
// It takes a mutant's text from memory: no file is ever changed.
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BaseSequencer, createVitest } from 'vitest/node'
import { VENDORED } from '../build/vendor.mjs'
import { watched } from './mutants.mjs'

// With a folder for it, each test tells which functions of src it went through.
const [root, hits = ''] = process.argv.slice(2)
const mutant = { path: '', text: '' }

const instead = {
  name: 'instead',
  enforce: 'pre',
  load: id => {
    const path = id.split('?')[0]
    if (path === mutant.path) return mutant.text
    const file = relative(root, path).replaceAll('\\', '/')
    if (hits === '' || !/^src\/.*\.tsx?$/.test(file)) return null
    return watched(file, readFileSync(path, 'utf8'))
  },
}

/** The tests as they are given: those first that most often notice. */
class AsGiven extends BaseSequencer {
  sort(specifications) {
    return Promise.resolve(specifications)
  }
}

const vitest = await createVitest(
  'test',
  {
    root,
    config: false,
    watch: false,
    include: ['test/**/*.test.{ts,tsx}'],
    // What a mutant may make wait for ever.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    bail: hits === '' ? 1 : 0,
    maxWorkers: 2,
    sequence: { sequencer: AsGiven },
    reporters: [{}],
    cache: false,
    setupFiles: hits === '' ? [] : [fileURLToPath(new URL('note-hits.mjs', import.meta.url))],
    server: { deps: { inline: ['@actions/workflow-parser'] } },
  },
  {
    plugins: [instead],
    resolve: { alias: { openpgp: join(root, VENDORED.openpgp.file) } },
  },
)
await vitest.standalone()

const run = async ({ tests, path, text }) => {
  Object.assign(mutant, { path, text })
  if (path !== '') vitest.invalidateFile(path)
  // It remembers how files ended in earlier runs, and gives that too.
  vitest.state.filesMap.clear()
  vitest.state.clearErrors()
  const specifications = tests.map(test =>
    vitest.getRootProject().createSpecification(join(root, test)),
  )
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications)
  if (path !== '') vitest.invalidateFile(path)
  const named = testModules.map(module => ({
    module,
    test: relative(root, module.moduleId).replaceAll('\\', '/'),
  }))
  const others = named.filter(({ test }) => !tests.includes(test))
  if (others.length > 0) throw new Error(`${others[0].test} is of another run`)
  return {
    modules: named.map(({ module, test }) => ({
      test,
      milliseconds: module.diagnostic().duration,
      failed: failedIn(module),
    })),
    errors: unhandledErrors.map(({ message }) => message),
  }
}

/** The first that failed of a file: a test's name, or what stopped the file itself; null when nothing did. */
const failedIn = module => {
  for (const one of module.children.allTests('failed'))
    return `${one.fullName}: ${one.result().errors?.[0]?.message ?? ''}`
  return module.errors()[0]?.message ?? null
}

process.on('message', async task => process.send(await run(task)))
process.on('disconnect', () => process.exit())
process.send('ready')
