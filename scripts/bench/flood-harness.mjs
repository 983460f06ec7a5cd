// A flood through the lines view or as JSON. Bundled by flood.mjs, because it takes the sources.
import { jsonView } from '../../src/show/json.ts'
import { linesView } from '../../src/show/lines.ts'
import { outOf } from '../../src/show/out.ts'
import { paintFor } from '../../src/show/paint.ts'
import { floodRun } from './flood-run.mjs'

const [mode, directory, ...command] = process.argv.slice(2)
const out = outOf(process.stdout)
const view =
  mode === 'json'
    ? jsonView(out)
    : linesView({ out, paint: paintFor(false), verbose: mode === 'verbose' })
process.exitCode = await floodRun(directory, command, view)
