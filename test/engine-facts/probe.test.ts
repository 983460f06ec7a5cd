import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { getEventListeners } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { crossHere } from '../../src/engine/probe-compiler.ts'
import { probeFacts } from '../../src/engine/probe.ts'
import { type RunProbe, runProbe } from '../../src/engine/run-probe.ts'
import { machine, says } from './machines.ts'

const onLinux = process.platform === 'linux'
const OK = says('')

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cbi-probe-test-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const program = (name: string, body: string): void => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`)
  chmodSync(join(folder, name), 0o755)
}

const probeHere = (limit = 5000) =>
  probeFacts({
    engine: 'docker',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    limit,
  })

test('the first compiler that links statically is taken', async () => {
  const { run } = machine({ cc: says('', 1), gcc: OK, clang: OK, 'musl-gcc': OK })
  const { compiler } = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(compiler).toEqual({ cc: 'gcc', muslGcc: 'musl-gcc' })
})

test('of compilers for other architectures those count that link', async () => {
  const { run } = machine({ 'arm-gcc': OK, 'ppc-gcc': says('', 1), 's390x-gcc': OK })
  const found = await crossHere(
    { arm: 'arm-gcc', ppc64le: 'ppc-gcc', s390x: 's390x-gcc', riscv64: 'none-gcc' },
    command => run(command, new AbortController().signal),
    {},
  )
  expect(found).toEqual(['arm', 's390x'])
})

test('a compiler that does not link statically is none', async () => {
  const { run } = machine({ cc: says('', 1), 'musl-gcc': says('', 1) })
  const { compiler } = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(compiler).toEqual({ cc: null, muslGcc: null })
})

test.each(['darwin', 'win32'] as const)(
  'on %s neither compilers nor private roots are tried',
  async platform => {
    const { run, asked } = machine({ cc: OK, 'musl-gcc': OK, unshare: OK, chroot: OK })
    const facts = await probeFacts({ engine: 'none', env: {}, platform, run })
    expect(facts).toMatchObject({
      platform,
      compiler: { cc: null, muslGcc: null },
      privateRoot: null,
    })
    expect(asked).toEqual([])
  },
)

test.each([
  ['both work', OK, OK, 'namespaces'],
  ['only chroot works', says('', 1), OK, 'chroot'],
  ['neither works', says('', 1), says('', 125), null],
])('when %s the private root is by that, or none', async (_, unshare, chroot, expected) => {
  const { run } = machine({ unshare, chroot })
  const facts = await probeFacts({ engine: 'none', env: {}, platform: 'linux', run })
  expect(facts.privateRoot?.kind ?? null).toBe(expected)
})

test('the engine and the compilers are asked at once: none answers before the last one has started', async () => {
  const expected = [
    'cc -static',
    'docker buildx',
    'docker context',
    'docker info',
    'docker version',
    'musl-gcc -static',
  ]
  const started: string[] = []
  const { promise: allStarted, resolve } = withResolve()
  const run: RunProbe = async ({ program: name, args }) => {
    started.push(`${name} ${args[0]}`)
    if (started.length === expected.length) resolve()
    await allStarted
    return OK
  }
  const facts = await probeFacts({ engine: 'docker', env: {}, platform: 'linux', run })
  expect(started.slice(0, expected.length).toSorted()).toEqual(expected)
  expect(started.slice(expected.length).toSorted()).toEqual([
    'chroot --userspec=65534:65534',
    'unshare --user',
  ])
  expect(facts).toMatchObject({
    compiler: { cc: 'cc', muslGcc: 'musl-gcc' },
    privateRoot: { kind: 'namespaces' },
  })
})

test('only what the answers turn on is asked', async () => {
  const started: string[] = []
  const run: RunProbe = async ({ program: name }) => {
    started.push(name)
    return OK
  }
  await probeFacts({ engine: 'none', env: {}, platform: 'linux', run, libcs: ['musl'] })
  expect(started.toSorted()).toEqual(['chroot', 'musl-gcc', 'unshare'])
})

const withResolve = () => {
  let resolve = (): void => undefined
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}

test('a command that never ends is given up, and the others still answer', async () => {
  const { run } = machine({ cc: OK, chroot: OK })
  const hanging: RunProbe = (command, signal) =>
    command.program === 'docker' || command.program === 'unshare'
      ? new Promise(() => undefined)
      : run(command, signal)
  const facts = await probeFacts({
    engine: 'auto',
    env: {},
    platform: 'linux',
    run: hanging,
    limit: 50,
  })
  expect(facts.engineProblem).toMatchObject({ code: 'no-answer', lacks: true })
  expect(facts).toMatchObject({ compiler: { cc: 'cc' }, privateRoot: { kind: 'chroot' } })
})

test('a compiler that hangs is not followed by the next one', async () => {
  const asked: string[] = []
  const run: RunProbe = ({ program: name }) => {
    asked.push(name)
    return new Promise(() => undefined)
  }
  const { compiler } = await probeFacts({
    engine: 'none',
    env: {},
    platform: 'linux',
    run,
    limit: 50,
  })
  expect(compiler).toEqual({ cc: null, muslGcc: null })
  expect(asked).not.toContain('gcc')
})

test('a probe that has ended leaves nobody who hears of a cancel', async () => {
  const { signal } = new AbortController()
  const { run } = machine({ cc: OK })
  await probeFacts({ engine: 'none', env: {}, platform: 'linux', run, signal })
  await runProbe({ program: 'true', args: [], env: process.env }, signal)
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a cancelled probe ends with what it knows', async () => {
  const hanging: RunProbe = () => new Promise(() => undefined)
  const cancel = new AbortController()
  const facts = probeFacts({ engine: 'docker', env: {}, run: hanging, signal: cancel.signal })
  cancel.abort()
  expect((await facts).engineProblem?.code).toBe('no-answer')
  const late = await probeFacts({
    engine: 'docker',
    env: {},
    run: hanging,
    signal: AbortSignal.abort(),
  })
  expect(late.engineProblem?.code).toBe('no-answer')
})

test.skipIf(!onLinux)(
  'a real client that hangs is ended, though its child keeps its output open (Linux only)',
  async () => {
    const pids = join(folder, 'pids')
    program('docker', `echo $$ >> ${pids}; sleep 7; echo never`)
    const facts = await probeHere(400)
    expect(facts.engineProblem?.code).toBe('no-answer')
    const listed = execFileSync('cat', [pids], { encoding: 'utf8' }).trim().split('\n')
    expect(listed).toHaveLength(4)
    await expect.poll(() => listed.filter(isRunning)).toEqual([])
  },
)

/** A process that nobody has waited for is listed until then. */
const hasEnded = (pid: string): boolean => {
  const stat = `/proc/${pid}/stat`
  return !existsSync(stat) || / Z /.test(readFileSync(stat, 'utf8'))
}

const isRunning = (pid: string): boolean => spawnSync('kill', ['-0', pid]).status === 0

test.skipIf(!onLinux)(
  'a stopped command is over at once, and its child with it (Linux only)',
  async () => {
    program('docker', `sleep 600 & echo $! > ${folder}/child; wait`)
    const stop = new AbortController()
    const result = runProbe(
      { program: join(folder, 'docker'), args: [], env: process.env },
      stop.signal,
    )
    await expect.poll(() => existsSync(join(folder, 'child'))).toBe(true)
    stop.abort()
    expect(await result).toMatchObject({ exitCode: null, timedOut: true, missing: false })
    const pid = readFileSync(join(folder, 'child'), 'utf8').trim()
    await expect.poll(() => hasEnded(pid)).toBe(true)
  },
)

test.skipIf(!onLinux)(
  'a client gets an empty stdin and its environment, nothing else (Linux only)',
  async () => {
    program('docker', `cat > ${folder}/stdin-$1; echo "$HOME|$PATH" > ${folder}/env-$1; exit 1`)
    await probeFacts({ engine: 'docker', env: { PATH: `${folder}:/usr/bin:/bin` } })
    const read = (name: string) => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' })
    expect(read('stdin-version')).toBe('')
    expect(read('env-version')).toBe(`|${folder}:/usr/bin:/bin\n`)
  },
)

test.skipIf(!onLinux)(
  'the compiler probe leaves no folder behind, even when the compiler fails (Linux only)',
  async () => {
    mkdirSync(join(folder, 'tmp'))
    program('cc', 'cat > "$TMPDIR/left-over"; exit 1')
    const before = process.env.TMPDIR
    process.env.TMPDIR = join(folder, 'tmp')
    try {
      await probeHere()
    } finally {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
  },
)

const links = (compiler: string): boolean =>
  onLinux &&
  spawnSync('sh', [
    '-c',
    `echo 'int main(void){return 0;}' | ${compiler} -static -x c - -o /dev/null`,
  ]).status === 0

test.skipIf(!links('cc'))(
  'the compiler of this machine is found (needs a cc that links statically)',
  async () => {
    expect((await probeHere()).compiler.cc).toBe('cc')
  },
)

test.skipIf(!links('musl-gcc'))('musl-gcc of this machine is found (needs musl-gcc)', async () => {
  expect((await probeHere()).compiler.muslGcc).toBe('musl-gcc')
})

test.each([
  ['linux', true],
  ['darwin', true],
  ['win32', false],
] as const)('time zones count where they are files: on %s %s', async (platform, there) => {
  const { run } = machine({})
  const probe = (hasZones: () => boolean) =>
    probeFacts({ engine: 'none', env: {}, platform, run, libcs: [], hasZones })
  expect((await probe(() => true)).zoneinfo).toBe(there)
  expect((await probe(() => false)).zoneinfo).toBe(false)
})
