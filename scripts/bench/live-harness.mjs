// A flood through the live view, on the terminal that this runs in. Bundled by live.mjs, because it takes the
// sources. Writes to the file that it is given: when it wrote to the terminal, in milliseconds, and its CPU and memory.
import { readFileSync, writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { liveView } from '../../src/show/live/index.tsx'
import { floodRun } from './flood-run.mjs'

const [report, directory, ...command] = process.argv.slice(2)
const { stdin, stdout } = process
const writes = []
const write = stdout.write.bind(stdout)
stdout.write = (...words) => {
  writes.push(performance.now())
  return write(...words)
}

/** Unlike getrusage, this peak does not begin with the memory of the process that started this one. */
const peakMemory = () =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024

const view = liveView({ stdout, stdin, colour: true, unicode: true, onStop: () => undefined })
process.exitCode = await floodRun(directory, command, view)
const { user, system } = process.cpuUsage()
writeFileSync(report, JSON.stringify({ writes, cpu: (user + system) / 1e6, memory: peakMemory() }))
