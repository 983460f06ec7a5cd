// Runs one talkative command through our runner and a view. Bundled by flood.mjs, because it takes the sources.
import { runPlan } from '../../src/run/run.ts'
import { jsonView } from '../../src/show/json.ts'
import { linesView } from '../../src/show/lines.ts'
import { outOf } from '../../src/show/out.ts'
import { paintFor } from '../../src/show/paint.ts'

const [mode, directory, ...command] = process.argv.slice(2)
const [program, ...args] = command
const step = { why: '', to: { kind: 'log' }, reader: 'lines' }
const plan = {
  version: 1,
  journey: 'minimal',
  headline: 'a flood',
  image: { reference: 'flood', arch: 'amd64', archive: null },
  directory,
  answers: {},
  notices: [],
  proof: { whyNot: 'nothing is made' },
  contents: [],
  temporary: [],
  steps: [
    {
      ...step,
      id: 'files',
      title: 'Write the project files',
      // The journal goes to the folder, as in any real run.
      pipeline: [{ kind: 'craft', craft: 'write-project', input: { files: [] }, shown: [] }],
    },
    { ...step, id: 'flood', title: 'Talk much', pipeline: [{ kind: 'command', program, args }] },
  ],
  next: [],
}

const facts = {
  version: 1,
  platform: process.platform,
  arch: 'amd64',
  engine: null,
  engineProblem: null,
  compiler: { cc: null, muslGcc: null },
  privateRoot: null,
}

const out = outOf(process.stdout)
const view =
  mode === 'json'
    ? jsonView(out)
    : linesView({ out, paint: paintFor(false), verbose: mode === 'verbose' })
const { exitCode } = await runPlan(plan, facts, {
  view,
  signal: new AbortController().signal,
  env: process.env,
  assets: directory,
  force: false,
  remedy: () => null,
})
await view.close()
process.exitCode = exitCode
