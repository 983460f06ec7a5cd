// Runs one talkative command through our runner, as any step of a plan.
import { runPlan } from '../../src/run/run.ts'

/** Returns the exit code. The journal goes to the folder, as in any real run. */
export const floodRun = async (directory, [program, ...args], view) => {
  const talk = { id: 'flood', title: 'Talk much', pipeline: [{ kind: 'command', program, args }] }
  const { exitCode } = await runPlan(planOf(directory, talk), FACTS, {
    view,
    signal: new AbortController().signal,
    env: process.env,
    assets: directory,
    force: false,
    remedy: () => null,
  })
  await view.close()
  return exitCode
}

const planOf = (directory, talk) => ({
  version: 1,
  journey: 'minimal',
  headline: 'a flood',
  image: { reference: 'flood', arch: 'amd64', archive: null },
  directory,
  answers: {},
  notices: [],
  proof: { whyNot: 'nothing is made' },
  contents: { files: [], tree: null, readyAfter: 'files' },
  secrets: [],
  temporary: [],
  rootFolder: null,
  unproven: null,
  steps: [
    { ...STEP, ...FILES },
    { ...STEP, ...talk },
  ],
  next: [],
})

const STEP = { why: '', to: { kind: 'log' }, reader: 'lines' }

const FILES = {
  id: 'files',
  title: 'Write the project files',
  pipeline: [{ kind: 'craft', craft: 'write-project', input: { files: [] }, shown: [] }],
}

const FACTS = {
  version: 1,
  platform: process.platform,
  arch: 'amd64',
  engine: null,
  engineProblem: null,
  compiler: { cc: null, muslGcc: null },
  privateRoot: null,
}
