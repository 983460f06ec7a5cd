// Runs the fault matrix, its most telling cells, or those whose name holds a word:  npm run test:faults -- --only build
import { spawnSync } from 'node:child_process'

const [flag, word] = process.argv.slice(2)
const isFew = flag === '--few' && word === undefined
if (flag !== undefined && !isFew && (flag !== '--only' || word === undefined)) {
  console.error(
    'usage: npm run test:faults -- [--few | --only WORDS]   WORDS: minimal, import, "full run SIGTERM", …',
  )
  process.exit(2)
}
const only = word === undefined ? [] : ['--testNamePattern', word]
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'vitest.faults.config.ts', ...only],
  {
    stdio: 'inherit',
    env: { ...process.env, ...(isFew ? { CBI_FAULTS: 'few' } : {}) },
    shell: process.platform === 'win32',
  },
)
process.exitCode = status ?? 1
