// Runs the fault matrix, or the cells whose name holds a word:  npm run test:faults -- --only build
import { spawnSync } from 'node:child_process'

const [flag, word] = process.argv.slice(2)
if (flag !== undefined && (flag !== '--only' || word === undefined)) {
  console.error(
    'usage: npm run test:faults -- [--only WORDS]   WORDS: minimal, import, "full run SIGTERM", …',
  )
  process.exit(2)
}
const only = word === undefined ? [] : ['--testNamePattern', word]
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'vitest.faults.config.ts', ...only],
  { stdio: 'inherit', shell: process.platform === 'win32' },
)
process.exitCode = status ?? 1
