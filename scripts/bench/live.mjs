// 100,000 lines in 5 s through the live view in a pseudo-terminal, against the same child into `cat`.
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, checkJournal, GENERATOR, intoCat } from './flood.mjs'
import { openTerminal } from './pseudo-terminal.mjs'
import { compare, inTurn, median } from './stats.mjs'
import { comparisonRow, kb, mb, row, s } from './words.mjs'

/** How long the child took, our memory, and how often and how much we drew meanwhile. */
export const live = async (options, room) => {
  const harness = await bundle(room, 'live-harness')
  const report = join(room.folder, 'live-seconds')
  const child = [process.execPath, GENERATOR, report]
  const pairs = await inTurn(
    options,
    () => onTerminal(harness, child, report, room),
    () => intoCat(child, report, room),
  )
  const wall = compare(pairs, 'child')
  return [
    comparisonRow("100,000 lines in 5 s through the live view: the child's wall time", wall, s, {
      bound: 'at most 1.05',
      met: wall.ratio.median <= 1.05,
    }),
    ...drawingRows(pairs.map(({ ours }) => ours)),
  ]
}

const drawingRows = runs => {
  const memory = Math.max(...runs.map(run => run.memory))
  const fastest = Math.max(...runs.map(({ writes }) => mostInASecond(writes)))
  const size = Math.max(...runs.map(({ bytes, writes }) => bytes / writes.length))
  return [
    row('the same, our peak memory (worst)', {
      ours: mb(memory),
      bound: 'under 150 MB',
      met: memory < 150e6,
    }),
    row('the same, redraws in the busiest second (worst)', {
      ours: `${fastest} of ${median(runs.map(({ writes }) => writes.length))} in all`,
      bound: 'at most 15',
      met: fastest <= 15,
    }),
    row('the same, bytes a redraw, mean of a run (worst)', {
      ours: kb(size),
      bound: 'under 2 kB',
      met: size < 2000,
    }),
    row('the same, CPU without the child', { ours: s(median(runs.map(({ cpu }) => cpu))) }),
  ]
}

/** The most writes that lie within one second, wherever it begins. */
const mostInASecond = writes =>
  Math.max(...writes.map(first => writes.filter(at => at >= first && at < first + 1000).length))

/** `child` is what the generator itself took, `bytes` everything that the terminal got. */
const onTerminal = async (harness, child, report, room) => {
  rmSync(report, { force: true })
  const { directory } = room.fresh()
  const drawn = join(room.folder, 'live-drawn')
  let bytes = 0
  let end = ''
  const terminal = openTerminal([process.execPath, harness, drawn, directory, ...child], {
    cwd: room.folder,
    onBytes: chunk => {
      bytes += chunk.length
      end = (end + chunk).slice(-1500)
    },
  })
  if ((await terminal.ended) !== 0) throw new Error(`The live view ended with an error:\n${end}`)
  checkJournal(directory)
  rmSync(directory, { recursive: true })
  return {
    ...JSON.parse(readFileSync(drawn, 'utf8')),
    bytes,
    child: Number(readFileSync(report, 'utf8')),
  }
}
