// Takes the tour with the engine of this machine and writes what it printed to assets/learn/tour.json, which
// `create-base-image tour` shows where no engine is. Build first, and format afterwards.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = path => fileURLToPath(new URL(`../${path}`, import.meta.url))
const told = execFileSync(process.execPath, [at('bin/create-base-image.js'), 'tour', '--json'], {
  encoding: 'utf8',
})
const recording = JSON.parse(told)
// A recording that was played is not a new one.
if (!recording.scenes.some(({ commands }) => commands.some(({ exitCode }) => exitCode > 1)))
  throw new Error('Nothing failed by the engine: is one there?')
writeFileSync(at('assets/learn/tour.json'), `${JSON.stringify(recording, null, 2)}\n`)
