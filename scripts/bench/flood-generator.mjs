// A child that talks much: 100,000 lines in 5 s. Writes the seconds it took to the file that it is given.
import { writeFileSync, writeSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

const [report, lines = '100000', seconds = '5'] = process.argv.slice(2)
const total = Number(lines)
const pace = total / (Number(seconds) * 1000)
const sleeper = new Int32Array(new SharedArrayBuffer(4))
const began = performance.now()
const line = i =>
  `line ${i} of ${total}: Unpacking libsomething-dev:amd64 (1.2.3-4ubuntu5) over nothing ...\n`

for (let done = 0; done < total;) {
  const due = Math.min(total, Math.floor((performance.now() - began) * pace))
  const text = Array.from({ length: due - done }, (_, i) => line(done + i + 1)).join('')
  // A full pipe holds this process up here, as it would any child.
  for (let rest = Buffer.from(text); rest.length > 0;) rest = rest.subarray(writeSync(1, rest))
  done = due
  Atomics.wait(sleeper, 0, 0, 1)
}
writeFileSync(report, String((performance.now() - began) / 1000))
