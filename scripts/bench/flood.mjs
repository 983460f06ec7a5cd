// 100,000 lines in 5 s through our views, against the same child into `cat`.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { bundled, REQUIRE } from '../build/options.mjs'
import { ROOT } from './places.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, mb, row, s } from './words.mjs'

/** The child that talks much; it writes its seconds to the file that it is given. */
export const GENERATOR = fileURLToPath(new URL('flood-generator.mjs', import.meta.url))

const VIEWS = {
  lines: 'the lines view',
  verbose: 'the lines view with `--verbose`',
  json: '`--json`',
}

/** Two rows a view: how long the child took, and our memory and CPU meanwhile. */
export const flood = async (options, room) => {
  const harness = await bundle(room, 'flood-harness')
  const rows = []
  for (const mode of Object.keys(VIEWS))
    rows.push(...(await floodRows(mode, harness, options, room)))
  return rows
}

/** Makes one file of a harness and the sources it takes, and gives its path. */
export const bundle = async (room, name) => {
  const outfile = join(room.folder, `${name}.mjs`)
  await build({
    ...bundled,
    absWorkingDir: ROOT,
    entryPoints: [`scripts/bench/${name}.mjs`],
    outfile,
    minify: true,
    banner: { js: REQUIRE },
  })
  return outfile
}

const floodRows = async (mode, harness, options, room) => {
  const report = join(room.folder, 'flood-seconds')
  const child = [process.execPath, GENERATOR, report]
  const ours = async () => {
    const { directory } = room.fresh()
    const command = [process.execPath, harness, mode, directory, ...child]
    const figures = await intoCat(command, report, room)
    checkJournal(directory)
    rmSync(directory, { recursive: true })
    return figures
  }
  const pairs = await inTurn(options, ours, () => intoCat(child, report, room))
  const wall = compare(pairs, 'child')
  const memory = Math.max(...pairs.map(({ ours: { memory } }) => memory))
  return [
    comparisonRow(`100,000 lines in 5 s through ${VIEWS[mode]}: the child's wall time`, wall, s, {
      bound: 'at most 1.05',
      met: wall.ratio.median <= 1.05,
    }),
    row('the same, our peak memory (worst)', {
      ours: mb(memory),
      bound: 'under 150 MB',
      met: memory < 150e6,
    }),
    comparisonRow('the same, CPU with the child', compare(pairs, 'cpu'), s),
  ]
}

/** A view that lost lines would be fast too: throws unless all came through. */
export const checkJournal = directory => {
  const journal = readFileSync(join(directory, '.create-base-image/journal.ndjson'), 'utf8')
  const lines = journal.split('"type":"output"').length - 1
  if (lines !== 100_000) throw new Error(`${lines} of 100,000 lines came through.`)
}

/** `child` is what the generator itself took; a run that cut it short leaves no report, and that throws. */
export const intoCat = async (command, report, room) => {
  rmSync(report, { force: true })
  const figures = await room.measured(['sh', '-c', '"$0" "$@" | cat > /dev/null', ...command])
  return { ...figures, child: Number(readFileSync(report, 'utf8')) }
}
