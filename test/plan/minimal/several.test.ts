import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { UsageError } from '../../../src/errors.ts'
import { commandLineOf, commandWordsOf } from '../../../src/plan/command-line.ts'
import { minimalPlan } from '../../../src/plan/minimal/plan.ts'
import { minimalScript } from '../../../src/plan/script/minimal-script.ts'
import { shownCommands } from '../../../src/plan/shown-commands.ts'
import type { CraftStage, Plan } from '../../../src/plan/types.ts'
import { engine, facts, full, given, noEngine } from './inputs.ts'

const ids = (plan: Plan): string[] => plan.steps.map(step => step.id)
const commands = (plan: Plan, id: string): string[] =>
  shownCommands(plan.steps.find(step => step.id === id)!)

test('with an engine all are compiled in one container, and its own is loaded and run', () => {
  const plan = minimalPlan(given('--arch', 'arm64,amd64,arm/v7'), facts())
  expect(ids(plan)).toEqual([
    'engine',
    'files',
    'builder',
    'compiler',
    'compile',
    'inspect',
    'pack',
    'load',
    'run',
    'archive',
  ])
  expect(plan.headline).toContain('linux/amd64, linux/arm64, linux/arm → hello')
  expect(plan.image).toEqual({
    reference: 'hello',
    arch: 'amd64',
    archs: ['amd64', 'arm64', 'arm'],
    archive: '/home/ada/hello/hello.tar',
  })
  expect(commands(plan, 'compiler')[0]).toMatch(
    / sh gcc libc6-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-arm-linux-gnueabihf libc6-dev-armhf-cross$/,
  )
  expect(commands(plan, 'compile')[0]).toContain(
    'arm64:aarch64-linux-gnu-gcc arm:arm-linux-gnueabihf-gcc',
  )
  expect(plan.namedBy).toBe('load')
  expect(plan.proof).toEqual({
    how: 'run in a container by the engine; for arm64, arm its file was inspected',
  })
})

test('a builder on arm64 gets the cross compiler for amd64', () => {
  const plan = minimalPlan(
    given('--arch', 'amd64,arm64'),
    facts({ engine: { ...engine, arch: 'arm64' } }),
  )
  expect(plan.image.arch).toBe('arm64')
  expect(commands(plan, 'compiler')[0]).toMatch(
    / sh gcc-x86-64-linux-gnu libc6-dev-amd64-cross gcc libc6-dev$/,
  )
})

test('without an engine cross compilers of this machine do it, where each is here', () => {
  const compiler = { cc: null, muslGcc: null, cross: ['amd64', 'arm64'] }
  const plan = minimalPlan(given('--arch', 'amd64,arm64'), facts({ ...noEngine, compiler }))
  expect(ids(plan)).toEqual(['files', 'compile', 'inspect', 'pack', 'unpack', 'run'])
  expect(() =>
    minimalPlan(
      given('--arch', 'amd64,s390x', '--program', 'bundled'),
      facts({ ...noEngine, compiler }),
    ),
  ).toThrow(/there is no s390x-linux-gnu-gcc/)
})

test('an image for none of this machine is proven nowhere without an engine', () => {
  const plan = minimalPlan(
    given('--arch', 'arm64,riscv64', '--program', 'raw', '--engine', 'none'),
    facts({ engine: null }),
  )
  expect(ids(plan)).toEqual(['files', 'raw', 'inspect', 'pack'])
  expect(plan.proof).toEqual({ whyNot: expect.stringContaining('this machine is amd64') })
})

test('the command line that repeats it names all, each once and in one order', () => {
  const line = commandLineOf(given('--arch', 'arm64,aarch64,amd64', '--program', 'raw'))
  expect(commandWordsOf(line)).toEqual([
    'npx',
    'create-base-image',
    '--yes',
    '--program',
    'raw',
    '--arch',
    'amd64,arm64',
  ])
})

test.each([
  [['amd64,arm64', '--program', process.execPath], /A ready program is for one architecture/],
  [['amd64,arm64', '--libc', 'musl'], /no cross compilers for musl/],
  [['amd64,loong64'], /no cross compiler for loong64/],
  [['amd64,vax'], /does not accept "vax"/],
  [['amd64,'], /does not accept ""/],
])('--arch %j is refused', (argv, message) => {
  expect(() => given('--arch', ...argv)).toThrow(UsageError)
  expect(() => given('--arch', ...argv)).toThrow(message)
})

test('a ready program for each has one name in the image, and a place for each in the folder', () => {
  const room = mkdtempSync(join(tmpdir(), 'ready-'))
  onTestFinished(() => rmSync(room, { recursive: true }))
  for (const arch of ['amd64', 'arm64']) writeFileSync(join(room, `hello-${arch}`), arch)
  const path = join(room, 'hello-{arch}')
  const several = given('--arch', 'amd64,arm64', '--program', path)
  const plan = minimalPlan(several, facts())
  expect(ids(plan)).toEqual(['engine', 'files', 'inspect', 'pack', 'load', 'run', 'archive'])
  const [write] = plan.steps[1]!.pipeline as [CraftStage<'write-project'>]
  const copies = write.input.files.filter(file => 'copyOf' in file)
  expect(copies.map(({ file, copyOf }) => [file, copyOf])).toEqual([
    ['linux/amd64/hello', join(room, 'hello-amd64')],
    ['linux/arm64/hello', join(room, 'hello-arm64')],
  ])
  expect(plan.answers).toMatchObject({ program: './linux/{arch}/hello', arch: 'amd64,arm64' })
  expect(commandLineOf(several).flags).toMatchObject({ program: path })
  // A CI job makes one of them.
  const one = minimalPlan(given('--arch', 'arm64', '--program', path), facts())
  expect(one.answers).toMatchObject({ program: './hello', arch: 'arm64' })
  expect(() => given('--program', path)).toThrow(/means one program for each architecture/)
  expect(() => given('--arch', 'amd64,s390x', '--program', path)).toThrow(/no file .*hello-s390x/)
  expect(() => given('--arch', 'amd64', '--program', join(room, '{arch}'))).toThrow(UsageError)
})

test('a full image for several at once is refused, with the ways that there are', () => {
  expect(() => full('--arch', 'amd64,arm64')).toThrow(/one architecture at a time/)
})

test.each(['docker', 'podman'] as const)('the script for %s compiles each of them', client => {
  const { answers } = given('--arch', 'amd64,arm64')
  const script = minimalScript('sh', answers, client)
  expect(script).toContain('aarch64-linux-gnu-gcc -static -pthread -o linux/arm64/hello hello.c')
  expect(script).toContain('build $platform --build-arg "TARGETARCH=$arch" --tag hello .')
  const windows = minimalScript('powershell', answers, client)
  expect(windows).toContain('-o linux/arm64/hello hello.c')
  expect(windows).toContain('build @platform --build-arg')
})

test('the Dockerfile that stands alone compiles on the machine that builds', () => {
  const file = minimalScript('dockerfile', given('--arch', 'amd64,arm64').answers, 'docker')
  expect(file).toContain('FROM --platform=$BUILDPLATFORM ubuntu:20.04 AS builder')
  expect(file).toContain('arm64) debian=arm64 machine=aarch64-linux-gnu;;')
  expect(file).toContain('COPY --from=builder /tmp/out/hello /')
})
