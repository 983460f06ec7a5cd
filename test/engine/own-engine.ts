import { spawnSync } from 'node:child_process'
import { delimiter } from 'node:path'

// Where CBI_ENGINES names several files with the shell lines of engine.sh, ssh-engine.sh and podman.sh, each of vitest's
// workers takes the engines of one of them, so that the files it runs have these for themselves.
const files = (process.env.CBI_ENGINES ?? '').split(delimiter).filter(Boolean)
const file = files[(Number(process.env.VITEST_POOL_ID) || 1) - 1]
if (file !== undefined) takeFrom(file)

function takeFrom(path: string): void {
  const words = ['-c', 'source "$0" && env -0', path]
  const { status, stdout, stderr } = spawnSync('bash', words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`The engines of ${path} can't be used: ${stderr}`)
  const pairs = stdout.split('\0').filter(pair => pair.includes('='))
  const env = Object.fromEntries(
    pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name]
  Object.assign(process.env, env)
}
