import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Event } from '../../src/run/events.ts'
import { readTranscript } from '../fixtures/transcript.ts'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const CLIENT = fileURLToPath(new URL('docker.mjs', import.meta.url))

/** What the stand-in says to a command line that begins with `to`. */
export interface Answer {
  readonly to: string
  readonly exitCode: number
  readonly chunks: readonly (readonly [
    source: 'stdout' | 'stderr',
    text: string,
    encoding?: 'base64',
  ])[]
  /** How often it is the answer before another one is; always without. */
  readonly times?: number
  /** Milliseconds before each chunk. */
  readonly pace?: number
  /** True for a client that stays when it has said all, until it is ended. */
  readonly waits?: boolean
}

export const says = (to: string, text: string, exitCode = 0): Answer => ({
  to,
  exitCode,
  chunks: [['stdout', text]],
})

/** An answer as it was recorded, byte for byte. */
export const replay = (to: string, name: string): Answer => {
  const { exitCode, chunks } = readTranscript(name)
  return {
    to,
    exitCode: exitCode ?? 0,
    chunks: chunks.map(
      ({ source, bytes }) => [source, Buffer.from(bytes).toString('base64'), 'base64'] as const,
    ),
  }
}

/** The answers of a whole journey with a client 28.5 and, when `buildx` is given, that buildx. */
export const journeyAnswers = (build: Answer, buildx: string | null): Answer[] => [
  says('version --format {{json .}}', JSON.stringify(VERSION)),
  says('version', '28.5.2, linux/amd64\n'),
  says(
    'info',
    JSON.stringify({
      OSType: 'linux',
      Architecture: 'x86_64',
      Driver: 'overlay2',
      SecurityOptions: [],
    }),
  ),
  says(
    'buildx version',
    buildx === null ? '' : `github.com/docker/buildx v${buildx} abc\n`,
    buildx === null ? 1 : 0,
  ),
  says(
    'context',
    JSON.stringify([{ Endpoints: { docker: { Host: 'unix:///var/run/docker.sock' } } }]),
  ),
  says('image inspect', `linux/amd64 sha256:${'1'.repeat(64)} 810000\n`),
  build,
  says('create', `${'a'.repeat(64)}\n`),
  says('start', 'Hello from the stand-in\n'),
  says('inspect', 'exited 0 false\n'),
  says('rm', ''),
  says('ps', ''),
]

const VERSION = {
  Client: { Version: '28.5.2', ApiVersion: '1.51' },
  Server: {
    Version: '28.5.2',
    ApiVersion: '1.51',
    MinAPIVersion: '1.24',
    Os: 'linux',
    Arch: 'amd64',
    Components: [{ Name: 'Engine', Version: '28.5.2' }],
  },
}

export interface Replayed {
  readonly code: number
  readonly events: readonly Event[]
  readonly asked: readonly {
    readonly argv: readonly string[]
    readonly env: Readonly<Record<string, string>>
  }[]
}

/** Makes the stand-in in `folder`. Returns the environment in which it is the first docker on the PATH. */
export const installStandIn = (
  folder: string,
  answers: readonly Answer[],
): { readonly PATH: string; readonly STAND_IN: string } => {
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  symlinkSync(CLIENT, join(bin, 'docker'))
  const script = { asked: join(folder, 'asked'), answers }
  writeFileSync(join(folder, 'script.json'), JSON.stringify(script))
  return {
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
    STAND_IN: join(folder, 'script.json'),
  }
}

/** The clients that the stand-in in `folder` was called as and that still run. */
export const standInsLeft = (folder: string): number[] => {
  const file = join(folder, 'asked.pids')
  return existsSync(file) ? lines<number>(readFileSync(file, 'utf8')).filter(isRunning) : []
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Runs the shipped command in `folder` with the stand-in as the only docker on its PATH. */
export const runWithStandIn = (
  folder: string,
  answers: readonly Answer[],
  argv: readonly string[],
): Promise<Replayed> => {
  const env = { ...installStandIn(folder, answers), HOME: folder, BUILDKIT_PROGRESS: 'tty' }
  return new Promise(resolve => {
    const child = execFile(
      process.execPath,
      [BIN, '--json', ...argv],
      { cwd: folder, env },
      (error, stdout) =>
        resolve({
          code: error === null ? 0 : Number(error.code),
          events: lines(stdout),
          asked: lines(readFileSync(join(folder, 'asked'), 'utf8')),
        }),
    )
    child.stdin?.end()
  })
}

const lines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as T)
