import { PassThrough } from 'node:stream'
import { vi } from 'vitest'
import type { Captured, Child, ChildOptions } from '../../src/run/process/exec.ts'
import type { Engine } from './client.ts'

/** The engines of recorders, by the variable of the environment that names them. */
export const ENGINES = new Map<string, Engine>()

/** The variable that names a recorder's engine. */
export const RECORDER = 'RECORDER'

// Children of this process cost tens of milliseconds each; an engine in the process shows the same calls at once.
vi.mock('../../src/run/process/exec.ts', async load => {
  const actual = await load<typeof import('../../src/run/process/exec.ts')>()
  const capture: typeof actual.capture = (program, args, options) => {
    const engine = engineOf(program, options.env)
    return engine === undefined
      ? actual.capture(program, args, options)
      : captured(engine, program, args, options)
  }
  const startChild: typeof actual.startChild = (program, args, options) => {
    const engine = engineOf(program, options.env)
    return engine === undefined
      ? actual.startChild(program, args, options)
      : started(engine, program, args, options)
  }
  const endChild: typeof actual.endChild = async (child, grace) =>
    (ENDS.get(child) ?? (() => actual.endChild(child, grace)))()
  return { ...actual, capture, startChild, endChild }
})

vi.mock('../../src/engine/run-probe.ts', async load => {
  const actual = await load<typeof import('../../src/engine/run-probe.ts')>()
  const runProbe: typeof actual.runProbe = async (command, signal) => {
    const { program, args, env } = command
    const engine = engineOf(program, env)
    if (engine === undefined) return actual.runProbe(command, signal)
    const answer = await captured(engine, program, args, { cwd: '/', env, seconds: 5 })
    return { ...answer, missing: false, timedOut: false }
  }
  return { ...actual, runProbe }
})

const engineOf = (program: string, env: NodeJS.ProcessEnv): Engine | undefined =>
  program === 'docker' || program === 'podman' ? ENGINES.get(env[RECORDER] ?? '') : undefined

const captured = async (
  engine: Engine,
  program: string,
  argv: readonly string[],
  { cwd, env, seconds }: { cwd: string; env: NodeJS.ProcessEnv; seconds: number },
): Promise<Captured> => {
  let [stdout, stderr] = ['', '']
  const exitCode = await engine.call({
    program,
    argv,
    cwd,
    env,
    stdin: () => Promise.resolve(Buffer.alloc(0)),
    stdout: bytes => (stdout += bytes.toString()),
    stderr: text => (stderr += text),
    signal: AbortSignal.timeout(seconds * 1000),
    seconds,
  })
  return { exitCode, stdout: stdout.trimEnd(), stderr: stderr.trimEnd() }
}

/** How children of recorders are ended. */
const ENDS = new WeakMap<object, () => Promise<void>>()

/** A child as far as a stage looks at it: a promise of its end, with its streams. */
const started = (
  engine: Engine,
  program: string,
  argv: readonly string[],
  options: ChildOptions,
): Child => {
  const stdin = options.stdin === 'pipe' ? new PassThrough() : null
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const ending = new AbortController()
  const { signal } = ending
  const call = engine.call({
    program,
    argv,
    cwd: options.cwd,
    env: options.env,
    stdin: () => readAll(stdin, signal),
    stdout: bytes => void stdout.write(bytes),
    stderr: text => void stderr.write(text),
    signal,
    seconds: null,
  })
  const ended = call.then(exitCode => {
    stdout.end()
    stderr.end()
    stdin?.resume()
    return exitCode === null ? { signal: 'SIGTERM' } : { exitCode }
  })
  ENDS.set(ended, async () => {
    ending.abort()
    await ended
  })
  return Object.assign(ended, { stdin, stdout, stderr }) as unknown as Child
}

const readAll = async (stdin: PassThrough | null, signal: AbortSignal): Promise<Buffer> => {
  const chunks: Uint8Array[] = []
  await new Promise<void>(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted || stdin === null) resolve()
    stdin?.on('data', (chunk: Uint8Array) => chunks.push(chunk)).on('end', resolve)
  })
  return Buffer.concat(chunks)
}
