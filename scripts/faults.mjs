// Runs the fault matrix, its most telling cells, those with a real Debian from the mirror of this machine's apt sources,
// or those whose name holds a word:  npm run test:faults -- --only build
import { fileURLToPath } from 'node:url'
import { runInFolder } from './temporary/run.mjs'

const [flag, word] = process.argv.slice(2)
const isPart = ['--few', '--real'].includes(flag) && word === undefined
if (flag !== undefined && !isPart && (flag !== '--only' || word === undefined)) {
  console.error(
    'usage: npm run test:faults -- [--few | --real | --only WORDS]   WORDS: minimal, import, "full run SIGTERM", …',
  )
  process.exit(2)
}
// The matrix looks at everything that is left in the temporary folder, so it has one for itself. Engines' sockets are below it,
// and the name of a socket must be short.
const only = word === undefined ? [] : ['--testNamePattern', word]
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
process.exitCode = await runInFolder(
  'cbi-f-',
  [process.execPath, vitest, 'run', '--config', 'vitest.faults.config.ts', ...only],
  isPart ? { CBI_FAULTS: flag.slice(2) } : {},
)
