// What `--help` costs over a bare node, and how large the package is.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { measure } from './measure.mjs'
import { OURS, ROOT } from './places.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, kb, ms, mb, range, row } from './words.mjs'

/** One start is shorter than the noise of a machine, so there are more pairs of it. */
const PAIRS = 5

/** `--help` against `node -e 0`. */
export const help = async ({ runs, warmUp }) => {
  const pairs = await inTurn(
    { runs: runs * PAIRS, warmUp },
    () => measure([...OURS, '--help']),
    () => measure([process.execPath, '-e', '0']),
  )
  const cpu = compare(pairs, 'cpu')
  const { difference } = cpu
  return [
    comparisonRow(`\`--help\` against \`node -e 0\`, CPU, ${pairs.length} pairs`, cpu, ms, {
      bound: `at most + 12 ms; is ${difference.median < 0 ? '-' : '+'} ${ms(Math.abs(difference.median))}`,
      met: difference.median <= 0.012,
    }),
    comparisonRow('the same, wall time', compare(pairs, 'wall'), ms),
    comparisonRow('the same, peak memory', compare(pairs, 'memory'), mb),
  ]
}

/** The packed size, and what a user installs with it. */
export const pack = async () => {
  const { stdout, stderr, status } = spawnSync(
    'npm',
    ['pack', '--dry-run', '--json', '--ignore-scripts'],
    { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' },
  )
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`)
  const { size, unpackedSize, entryCount } = JSON.parse(stdout)[0]
  const manifest = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8'))
  const needed = ['dependencies', 'optionalDependencies', 'peerDependencies'].flatMap(kind =>
    Object.keys(manifest[kind] ?? {}),
  )
  return [
    row(`the package as npm packs it (${entryCount} files, ${kb(unpackedSize)} unpacked)`, {
      ours: kb(size),
      bound: 'at most 700 kB',
      met: size <= 700_000,
    }),
    row('packages it depends on', {
      ours: String(needed.length),
      bound: '0',
      met: needed.length === 0,
    }),
  ]
}

/** A run without an engine: what a person without Docker gets, and the memory it takes. */
export const alone = async (options, room) => {
  const pairs = await inTurn(
    options,
    () => room.journey(['--engine', 'none']),
    () => measure([process.execPath, '-e', '0']),
  )
  const memory = compare(pairs, 'memory')
  return [
    row('a run without an engine, wall time', { ours: ms(compare(pairs, 'wall').ours) }),
    row('the same, peak memory, against `node -e 0`', {
      ours: mb(memory.ours),
      theirs: mb(memory.theirs),
      ratio: range(memory.ratio),
    }),
  ]
}
