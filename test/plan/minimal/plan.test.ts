import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Facts } from '../../../src/engine/facts.ts'
import { MachineError } from '../../../src/errors.ts'
import { minimalPlan } from '../../../src/plan/minimal/plan.ts'
import type { Plan } from '../../../src/plan/types.ts'
import { shownCommands } from '../../../src/plan/shown-commands.ts'
import { engine, facts, given, noEngine } from './inputs.ts'

const ids = (plan: Plan): string[] => plan.steps.map(step => step.id)
const commands = (plan: Plan, id: string): string[] =>
  shownCommands(plan.steps.find(step => step.id === id)!)
const cc = { compiler: { cc: 'cc', muslGcc: 'musl-gcc' } }

test('with an engine and no compiler the program is compiled in a container', () => {
  const plan = minimalPlan(given(), facts())
  expect(ids(plan)).toEqual([
    'engine',
    'files',
    'builder',
    'compiler',
    'compile',
    'inspect',
    'build',
    'run',
  ])
  expect(commands(plan, 'builder')).toEqual(['docker pull ubuntu:20.04'])
  expect(commands(plan, 'compile')[0]).toMatch(
    /^docker run --rm --interactive --network none .* gcc -static -pthread -o hello hello\.c -lm -lrt -ldl < hello\.c > hello$/,
  )
  expect(commands(plan, 'build')).toEqual(['docker build --tag hello .'])
  expect(commands(plan, 'run')).toEqual(['docker run --rm hello'])
})

test('only gcc and what it links against are installed, and the result is kept by what it was made of', () => {
  const [run, commit, rm] = commands(minimalPlan(given(), facts()), 'compiler')
  expect(run).toMatch(/"\$@" 3>&1 1>&2; }\n[^]* sh gcc libc6-dev$/)
  expect(commit).toMatch(/^docker commit .* builder create-base-image\/compiler:…$/)
  expect(rm).toBe('docker rm builder')
})

test('a compiler here that links statically is used instead', () => {
  const plan = minimalPlan(given(), facts(cc))
  expect(ids(plan)).toEqual(['engine', 'files', 'compile', 'inspect', 'build', 'run'])
  expect(commands(plan, 'compile')).toEqual(['cc -static -pthread -o hello hello.c -lm -lrt -ldl'])
})

test('on a Mac or on Windows the compile happens in a container', () => {
  for (const platform of ['darwin', 'win32'] as const) {
    expect(ids(minimalPlan(given(), facts({ platform })))).toContain('compiler')
  }
})

test('an engine of another architecture gets a program for it', () => {
  const plan = minimalPlan(
    given(),
    facts({ ...cc, engine: { ...engine, arch: 'arm64', remote: true } }),
  )
  expect(plan.image.arch).toBe('arm64')
  expect(ids(plan)).toContain('compiler')
  expect(commands(plan, 'builder')).toEqual(['docker pull ubuntu:20.04'])
})

test('--arch other than the engine’s is asked for at every step', () => {
  const plan = minimalPlan(given('--arch', 'arm64'), facts(cc))
  expect(commands(plan, 'builder')).toEqual(['docker pull --platform linux/arm64 ubuntu:20.04'])
  expect(commands(plan, 'build')).toEqual(['docker build --platform linux/arm64 --tag hello .'])
  expect(commands(plan, 'run')).toEqual(['docker run --rm --platform linux/arm64 hello'])
})

test('musl gets the flags of the official hello-world', () => {
  const plan = minimalPlan(given('--libc', 'musl'), facts())
  expect(commands(plan, 'compiler')[0]).toMatch(/ sh gcc musl-tools linux-libc-dev$/)
  expect(commands(plan, 'compile')[0]).toContain(
    'musl-gcc -Os -fdata-sections -ffunction-sections -Wl,-z,norelro -s -Wl,--gc-sections -static -idirafter /usr/include -idirafter /usr/include/x86_64-linux-gnu -o hello hello.c',
  )
})

test('without an engine the image becomes an archive, proven in a private root', () => {
  const plan = minimalPlan(given(), facts({ ...noEngine, ...cc }))
  expect(ids(plan)).toEqual(['files', 'compile', 'inspect', 'pack', 'unpack', 'run'])
  expect(plan.notices[0]).toBe(
    'There is no Docker here. Going on without an engine: the result is an archive.',
  )
  expect(plan.image.archive).toBe('/home/ada/hello/hello.tar')
  expect(commands(plan, 'run')).toEqual(['unshare --root=.create-base-image/root /hello'])
})

test('--engine none says nothing of an engine that is missing', () => {
  expect(minimalPlan(given('--engine', 'none'), facts({ engine: null, ...cc })).notices).toEqual([])
})

test('without an engine and a compiler the raw program takes over, and says so', () => {
  const plan = minimalPlan(given(), facts(noEngine))
  expect(ids(plan)).toEqual(['files', 'raw', 'inspect', 'pack', 'unpack', 'run'])
  expect(plan.notices.join('\n')).toContain("hello.c can't be compiled here")
})

test('a program that was named is never replaced by the raw one', () => {
  expect(() => minimalPlan(given('--program', 'bundled'), facts(noEngine))).toThrow(MachineError)
})

test.each([
  [['--compile-in', 'host'], {}, /--compile-in host can't be done: there is no C compiler/],
  [
    ['--compile-in', 'host', '--libc', 'musl'],
    { compiler: { cc: 'cc', muslGcc: null } },
    /no musl-gcc/,
  ],
  [['--compile-in', 'host'], { platform: 'darwin' as const }, /makes no Linux programs/],
  [['--compile-in', 'container'], noEngine, /needs an engine\. There is no Docker here/],
  [
    ['--compile-in', 'container', '--engine', 'none'],
    { engine: null },
    /--engine none forbids one/,
  ],
  [['--engine', 'docker'], noEngine, /There is no Docker here/],
  [
    ['--program', 'raw'],
    { ...noEngine, arch: 'mips64le' },
    /written for amd64, arm64, .* not for mips64le/,
  ],
])(
  '%j is refused when the machine lacks what it needs',
  (argv, change: Partial<Facts>, message) => {
    expect(() => minimalPlan(given(...argv), facts(change))).toThrow(message)
  },
)

test.each([
  [
    { ...noEngine, ...cc, privateRoot: null },
    { how: 'run directly on this machine, not inside the image' },
    'run',
  ],
  [
    { ...noEngine, platform: 'darwin' as const },
    { whyNot: expect.stringContaining('does not run on this system') },
    'pack',
  ],
])(
  'the plan says how the image is proven, or why it is not (%#)',
  (change: Partial<Facts>, proof, last) => {
    const plan = minimalPlan(given('--program', 'raw'), facts(change))
    expect(plan.proof).toEqual(proof)
    expect(ids(plan).at(-1)).toBe(last)
  },
)

test.each(['classic', 'buildkit-plain', 'buildkit-json'] as const)(
  'the %s builder gets its progress format where it is not shown',
  builder => {
    const plan = minimalPlan(given(), facts({ engine: { ...engine, builder } }))
    const build = plan.steps.find(step => step.id === 'build')!
    expect(build.reader).toBe(builder === 'classic' ? 'classic-build' : builder)
    expect(commands(plan, 'build')).toEqual(['docker build --tag hello .'])
  },
)

test('a plan is data: it survives JSON, and the same answers and facts make the same one', () => {
  const plan = minimalPlan(given('--libc', 'musl'), facts())
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
  expect(minimalPlan(given('--libc', 'musl'), facts())).toEqual(plan)
})

test('every step has a title and a why of one to three sentences', () => {
  for (const change of [{}, cc, noEngine, { ...noEngine, ...cc }]) {
    for (const { title, why } of minimalPlan(given(), facts(change)).steps) {
      expect(title).toMatch(/^[A-Z]/)
      expect(why.match(/[.](?: |$)/g)?.length ?? 0).toBeGreaterThanOrEqual(1)
      expect(why.match(/[.](?: |$)/g)?.length ?? 0).toBeLessThanOrEqual(3)
    }
  }
})

test('going on without an engine is not followed by the advice to do so', () => {
  const todo = ['Start it.', 'Or go on without an engine: --engine none']
  const engineProblem = { ...noEngine.engineProblem!, todo }
  expect(minimalPlan(given(), facts({ engine: null, engineProblem, ...cc })).notices).toEqual([
    expect.stringContaining('Going on without an engine'),
    'Start it.',
  ])
})

test.each([
  [[], {}, 'sudo apt-get install --yes gcc libc6-dev, then run the same command again'],
  [
    ['--libc', 'musl'],
    {},
    'sudo apt-get install --yes gcc musl-tools linux-libc-dev, then run the same command',
  ],
  [[], { platform: 'darwin' as const }, 'start Docker, then run the same command again'],
])('%j: what the raw program stands in for is had by the same command', (argv, change, advice) => {
  const { notices } = minimalPlan(given(...argv), facts({ ...noEngine, ...change }))
  expect(notices.at(-1)).toContain(advice)
})

test('an archive that was named and is not made is told of', () => {
  const notices = (...argv: string[]) => minimalPlan(given(...argv), facts(cc)).notices
  expect(notices('--output', 'a.tar')).toEqual([expect.stringContaining('No archive is made')])
  expect(notices()).toEqual([])
  expect(notices('--output', 'a.tar', '--engine', 'none')).toEqual([])
})

test('no shell text holds a file name: it comes as an argument', () => {
  const step = minimalPlan(given('--libc', 'musl'), facts(cc)).steps.find(
    ({ id }) => id === 'compile',
  )!
  const [stage] = step.pipeline
  const args = stage?.kind === 'command' ? stage.args : []
  expect(args[1]).not.toContain('hello')
  expect(args.slice(2, 5)).toEqual(['sh', 'hello', 'musl-gcc'])
})

test('a C file of the person’s gets what static code of an older glibc forgets to link', () => {
  const file = join(tmpdir(), `cbi-once-${process.pid}.c`)
  writeFileSync(file, 'int main(void) { return 0; }\n')
  onTestFinished(() => rmSync(file))
  const plan = minimalPlan(given('--program', file), facts(cc))
  expect(commands(plan, 'compile')[0]).toMatch(
    /^cc -static -pthread -Wl,-u,pthread_once -o .* -lm -lrt -ldl$/,
  )
})
