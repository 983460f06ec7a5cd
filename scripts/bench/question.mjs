// What it costs until the first question is on the screen, over a bare node in the same pseudo-terminal.
import { readdirSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { OURS } from './places.mjs'
import { openTerminal } from './pseudo-terminal.mjs'
import { compare, inTurn } from './stats.mjs'
import { comparisonRow, ms } from './words.mjs'

/** The words of the first question. */
export const FIRST_QUESTION = 'What kind of base image?'

/** One start is shorter than the noise of a machine, so there are more pairs of it. */
const pairsOf = runs => Math.max(10, runs * 5)

/** It writes one character when it has started, and waits to be looked at. */
const BARE = [process.execPath, '-e', "process.stdout.write('x');setInterval(()=>{},1e3)"]

/** The wizard's first question against `node -e 0`. */
export const question = async ({ runs, warmUp }, { folder }) => {
  const pairs = await inTurn(
    { runs: pairsOf(runs), warmUp },
    () => until(FIRST_QUESTION, OURS, folder),
    () => until('x', BARE, folder),
  )
  const cpu = compare(pairs, 'cpu')
  return [
    comparisonRow(
      `the first question on the screen against a bare node, CPU, ${pairs.length} pairs`,
      cpu,
      ms,
      { bound: 'at most 1.6', met: cpu.ratio.median <= 1.6 },
    ),
    comparisonRow('the same, wall time', compare(pairs, 'wall'), ms),
  ]
}

/** Returns `wall` and `cpu` in seconds from the start until the text came. Throws when it ends without. */
const until = async (text, command, cwd) => {
  const began = performance.now()
  let raw = ''
  let found
  const terminal = openTerminal(command, {
    cwd,
    onBytes: bytes => {
      raw += bytes
      if (found === undefined && raw.includes(text)) found = stopAndLook(terminal, began)
    },
  })
  await terminal.ended
  if (!found) throw new Error(`${command.join(' ')} ended without ${text}:\n${raw}`)
  return found
}

/** What it goes on to do is not for the question; and only of what stands still is the CPU known exactly. */
const stopAndLook = ({ pid, kill }, began) => {
  try {
    process.kill(pid, 'SIGSTOP')
    return { wall: (performance.now() - began) / 1000, cpu: cpuOf(pid) }
  } catch {
    return null // It has ended: the text was part of an error.
  } finally {
    kill()
  }
}

/** Seconds on a CPU of all threads of a stopped process, from the scheduler, which counts nanoseconds. */
const cpuOf = pid => {
  const threads = readdirSync(`/proc/${pid}/task`).map(id => `/proc/${pid}/task/${id}`)
  while (!threads.every(isStopped));
  const spent = threads.map(thread =>
    Number(readFileSync(`${thread}/schedstat`, 'utf8').split(' ')[0]),
  )
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9
}

/** Throws when it has ended: it will not stop any more. */
const isStopped = thread => {
  const [, state] = /\) (\w) /.exec(readFileSync(`${thread}/stat`, 'utf8'))
  if (state === 'Z' || state === 'X') throw new Error('It has ended.')
  return state === 'T'
}
