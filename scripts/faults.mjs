// Runs the fault matrix, its most telling cells, those with a real Debian from the mirror of this machine's apt sources,
// or those whose name holds a word:  npm run test:faults -- --only build
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [flag, word] = process.argv.slice(2)
const isPart = ['--few', '--real'].includes(flag) && word === undefined
if (flag !== undefined && !isPart && (flag !== '--only' || word === undefined)) {
  console.error(
    'usage: npm run test:faults -- [--few | --real | --only WORDS]   WORDS: minimal, import, "full run SIGTERM", …',
  )
  process.exit(2)
}
// The matrix looks at all that is left in the temporary folder, so it has one for itself. Engines' sockets are below it,
// and the name of a socket must be short.
const room = mkdtempSync(join(tmpdir(), 'cbi-f-'))
const only = word === undefined ? [] : ['--testNamePattern', word]
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--config', 'vitest.faults.config.ts', ...only],
  {
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: room, ...(isPart ? { CBI_FAULTS: flag.slice(2) } : {}) },
    shell: process.platform === 'win32',
  },
)
rmSync(room, { recursive: true, force: true })
process.exitCode = status ?? 1
