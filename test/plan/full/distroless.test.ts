import { expect, test } from 'vitest'
import type { Facts } from '../../../src/engine/facts.ts'
import { imageNotes } from '../../../src/plan/full/image-notes.ts'
import { scriptInputs } from '../../../src/plan/full/inputs.ts'
import { planFor } from '../../../src/plan/plan.ts'
import type { ProjectFile } from '../../../src/plan/craft-inputs.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { expectationOf } from '../../../src/plan/review.ts'
import type { CraftStage, Plan } from '../../../src/plan/types.ts'
import { facts, full } from '../minimal/inputs.ts'
import { ids, stepOf } from './inputs.ts'

const ARGV = ['--release=bookworm', '--variant=distroless']
const NO_ENGINE: Partial<Facts> = { engine: null, privateRoot: null }

const planOf = (argv: readonly string[] = [], change: Partial<Facts> = {}): Plan =>
  planFor(full(...ARGV, ...argv), facts(change))

const filesOf = (plan: Plan): readonly ProjectFile[] =>
  (stepOf(plan, 'files').pipeline[0] as CraftStage<'write-project'>).input.files

const textOf = (plan: Plan, name: string): string => {
  const file = filesOf(plan).find(({ file }) => file === name)!
  return 'text' in file ? file.text : JSON.stringify(file)
}

test('with an engine: made by ourselves, read, loaded, and its own C library run', () => {
  const plan = planOf()
  expect(ids(plan)).toEqual(['engine', 'files', 'index', 'make', 'release', 'load', 'run', 'name'])
  expect(stepOf(plan, 'run')).toMatchObject({
    title: 'Run it: /lib/x86_64-linux-gnu/libc.so.6',
    mustBegin: 'GNU C Library (Debian GLIBC ',
  })
  expect(stepOf(plan, 'release').pipeline[0]).toMatchObject({
    input: { file: '/etc/os-release', line: 'VERSION_CODENAME=bookworm' },
  })
  expect(plan.proof).toEqual({
    how: 'run in a container by the engine; the release was read in the archive',
  })
  expect(plan.page).toEqual([])
})

test.each(['darwin', 'win32'] as const)('on %s without an engine it is an archive', platform => {
  const plan = planOf([], { ...NO_ENGINE, platform })
  expect(ids(plan)).toEqual(['files', 'index', 'pack', 'release'])
  expect(plan.proof).toMatchObject({
    whyNot: expect.stringMatching(/does not run on this system.*read in the archive$/) as string,
  })
})

test('where there is a private root the C library runs in it; for another processor nothing runs', () => {
  const privateRoot = { kind: 'chroot', command: ['chroot', '{root}'] } as const
  const plan = planOf([], { engine: null, privateRoot })
  expect(ids(plan)).toEqual(['files', 'index', 'pack', 'release', 'unpack', 'run'])
  expect(stepOf(plan, 'run')).toMatchObject({ mustBegin: 'GNU C Library (Debian GLIBC ' })
  const other = planOf(['--arch=arm64'], { engine: null, privateRoot })
  expect(ids(other)).toEqual(['files', 'index', 'pack', 'release'])
})

test('the image starts nothing, finds its certificates, and is the same by an engine or none', () => {
  const { env, cmd } = imageNotes(scriptInputs(full(...ARGV), 'amd64'))
  expect(cmd).toBeNull()
  expect(env).toContain('SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt')
  const notes = [planOf(), planOf([], NO_ENGINE)].map(plan => {
    const step = plan.steps.find(({ id }) => id === 'make' || id === 'pack')!
    const {
      reference: _r,
      archive: _a,
      engine: _e,
      ...input
    } = (step.pipeline[0] as CraftStage<'pack-deb'>).input
    return input
  })
  expect(notes[0]).toEqual(notes[1])
})

test.each([
  ['--slim', '--slim leaves documents out'],
  ['--bootstrap=debootstrap', '--bootstrap debootstrap makes whole systems'],
  ['--bootstrap=host', '--bootstrap host makes whole systems'],
  ['--builder=debian:bookworm-slim', 'made without one'],
  ['--verify', 'has neither'],
])('%s is refused, by a plan and by a script', (flag, message) => {
  expect(() => planOf([flag])).toThrow(message)
  expect(() => printScript('sh', full(...ARGV, flag), 'amd64', () => '')).toThrow(message)
})

test('a lesson takes our way too', () => {
  expect(ids(planOf(['--teach']))).toContain('release')
})

test('what is downloaded and what is left to do is told of this variant', () => {
  expect(expectationOf(planOf())).toContain('It downloads about 3.4 MB of packages')
  const ubuntu = planFor(full('--release=noble', '--variant=distroless'), facts())
  expect(expectationOf(ubuntu)).toContain('was not measured')
  expect(stepOf(ubuntu, 'run')).toMatchObject({ mustBegin: 'GNU C Library (Ubuntu GLIBC ' })
  expect(planOf().next[0]).toEqual([
    'docker',
    'run',
    '--rm',
    'my-bookworm',
    '/lib/x86_64-linux-gnu/libc.so.6',
  ])
})

test('the folder calls this tool, and has no script of another way', () => {
  const plan = planOf()
  expect(filesOf(plan).map(({ file }) => file)).not.toContain('bootstrap.sh')
  expect(textOf(plan, 'build.sh')).toContain('"create-base-image${version:+@$version}"')
  expect(textOf(plan, 'build.ps1')).toContain('--answers answers.json @locked @mirror')
  expect(textOf(plan, 'Dockerfile')).not.toContain('apt-get')
  expect(textOf(plan, 'README.md')).not.toMatch(/pack\.sh|debootstrap|--tty/)
  expect(textOf(planOf([], NO_ENGINE), 'build.sh')).toContain(
    '--engine none --output ./my-bookworm.tar --force',
  )
})

test('a script calls this tool, and there is no Dockerfile of it', () => {
  const script = (kind: 'sh' | 'powershell' | 'dockerfile') =>
    printScript(kind, full(...ARGV, '--include=openssl'), 'amd64', () => '')
  expect(script('sh')).toMatch(
    /^#!\/bin\/sh\n[^]*\nexec npx --yes create-base-image --yes --release bookworm --variant distroless --include openssl\n$/,
  )
  expect(script('powershell')).toContain("'--variant' 'distroless'")
  expect(() => script('dockerfile')).toThrow('A distroless image has no Dockerfile')
})

test('the folder of an image of our making has the way to the same ID', () => {
  const plan = planFor(full('--release=bookworm'), facts())
  expect(textOf(plan, 'build.sh')).toContain('= --same ]')
  expect(textOf(plan, 'build.ps1')).toContain('param([switch]$Same)')
  const other = planFor(full('--release=bookworm', '--bootstrap=debootstrap'), facts())
  expect(textOf(other, 'build.sh')).not.toContain('--same')
})
