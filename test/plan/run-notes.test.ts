import { expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { planFor } from '../../src/plan/plan.ts'
import { printScript } from '../../src/plan/script/print-script.ts'
import { changeLines, runNotes } from '../../src/plan/run-notes.ts'
import { shownCommands } from '../../src/plan/shown-commands.ts'
import { readAsset } from '../../src/assets.ts'
import { commands, planOf } from './full/inputs.ts'
import { facts, full, given } from './minimal/inputs.ts'

const SET = [
  '--entrypoint',
  '/hello',
  '--cmd',
  '["--say","a b"]',
  '--env',
  'MONEY=$5 "each"',
  '--expose',
  '8080',
  '--user',
  '7:8',
  '--label',
  'x.y=a b',
]

const DOCKERFILE = [
  String.raw`ENV MONEY="\$5 \"each\""`,
  'LABEL x.y="a b"',
  'EXPOSE 8080/tcp',
  'USER 7:8',
  'ENTRYPOINT ["/hello"]',
  'CMD ["--say","a b"]',
]

test('a minimal image has them in its Dockerfile, folder and script alike', () => {
  for (const extra of [[], ['--with', 'user']])
    for (const kind of ['sh', 'powershell', 'dockerfile'] as const) {
      const text = printScript(kind, given(...SET, ...extra), 'amd64', readAsset)
      for (const line of DOCKERFILE) expect(text).toContain(`${line}\n`)
    }
})

test('an entrypoint leaves the usual command out, and hands it the words of a proof', () => {
  const text = printScript('dockerfile', given('--entrypoint', '/hello'), 'amd64', readAsset)
  expect(text).not.toContain('\nCMD')
  const plan = planFor({ ...given(...SET), words: ['-v'] }, facts())
  expect(shownCommands(plan.steps.at(-1)!)).toEqual(['docker run --rm hello -v'])
  expect(plan.next[0]).toEqual(['docker', 'run', '--rm', '--publish', '8080:8080', 'hello', '-v'])
})

test('an archive gets the same notes, and its proof starts what they say', () => {
  const plan = planFor(given(...SET, '--program', 'raw', '--engine', 'none'), facts())
  const pack = plan.steps.find(({ id }) => id === 'pack')!.pipeline[0]
  expect(pack).toMatchObject({
    shown: [],
    input: {
      entrypoint: ['/hello'],
      cmd: ['--say', 'a b'],
      env: ['MONEY=$5 "each"'],
      expose: ['8080/tcp'],
      user: '7:8',
      labels: { 'x.y': 'a b' },
    },
  })
  const run = plan.steps.at(-1)!
  expect(shownCommands(run)[0]).toMatch(/\/hello --say 'a b'$/)
})

test('a full image is imported with them, and its proofs go past the entrypoint', () => {
  const argv = ['--release', 'bookworm', '--verify', ...SET]
  const plan = planOf(argv)
  const [importing = ''] = commands(plan, 'import')
  for (const line of DOCKERFILE) expect(importing).toContain(line.replaceAll("'", `'\\''`))
  expect(commands(plan, 'run')[0]).toContain('--entrypoint cat create-base-image/unproven /etc/')
  expect(commands(plan, 'verify')[0]).toContain('--user 0 --entrypoint sh my-bookworm -s -- ')
  for (const kind of ['sh', 'powershell', 'dockerfile'] as const) {
    const text = printScript(kind, full(...argv), 'amd64', readAsset)
    expect(text).toContain('EXPOSE 8080/tcp')
    expect(text).toContain('ENTRYPOINT')
  }
})

test('Podman takes the changes of an import without quotes', () => {
  const { settings } = given(...SET).answers
  const notes = runNotes({ cmd: ['bash'], env: ['A=b'], user: null, labels: {} }, settings)
  expect(changeLines(notes, 'podman')).toEqual([
    'ENTRYPOINT ["/hello"]',
    'CMD ["--say","a b"]',
    'ENV A=b',
    'ENV MONEY=$5 "each"',
    'LABEL x.y=a b',
    'EXPOSE 8080/tcp',
    'USER 7:8',
  ])
})

test('--pull fetches a builder that is here', () => {
  const builder = (pull: boolean) =>
    planFor({ ...given('--compile-in', 'container'), pull }, facts()).steps.find(
      ({ id }) => id === 'builder',
    )!
  expect(builder(true)).toMatchObject({ postcondition: { skippable: false }, servesOnly: [] })
  expect(builder(false).postcondition?.skippable).toBe(true)
  expect(parseFlags(['--pull']).switches.pull).toBe(true)
})
