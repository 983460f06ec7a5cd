import { randomBytes } from 'node:crypto'
import { chmod, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { assetsFolder } from '../../assets.ts'
import { rawProgram } from '../../elf/raw.ts'
import { rawArchOf } from '../../elf/raw-code.ts'
import type { EngineFacts, Facts } from '../../engine/facts.ts'
import { query, removeContainer, type Client } from '../../run/clean-up/containers.ts'
import { capture, type Captured } from '../../run/process/exec.ts'
import type { TourCommand } from './types.ts'

/** Where the tour makes its programs and images; nothing of it is left behind. */
export interface Workshop {
  /** A temporary folder. */
  readonly folder: string
  readonly engine: EngineFacts
  /** Compiles all programs here or in a container. Returns the commands. Throws an Error when that fails. */
  readonly compile: () => Promise<TourCommand[]>
  /** Builds an image of one file by a Dockerfile text. Returns its name. Throws an Error when that fails. */
  readonly build: (name: string, files: readonly string[], recipe: string) => Promise<string>
  /** Runs a container of an image of ours. */
  readonly run: (image: string) => Promise<TourCommand>
  readonly bytes: (file: string) => Promise<number>
  /** Removes folder, containers and images. */
  readonly close: () => Promise<void>
}

/** The programs in the folder, by the way they are made. */
export const PROGRAMS = ['dynamic', 'static-glibc', 'static-musl', 'no-libc'] as const

const MESSAGE = 'Hello from an image that holds one file.'

const SOURCE = `#include <stdio.h>
int main(void) { return puts("${MESSAGE}") < 0; }
`

/** Opens a workshop for an engine; `signal` ends what runs in it. */
export const openWorkshop = async (
  engine: EngineFacts,
  facts: Facts,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Workshop> => {
  const folder = await mkdtemp(join(tmpdir(), 'create-base-image-tour-'))
  const id = randomBytes(4).toString('hex')
  const client: Client = { program: engine.client, cwd: folder, env }
  const images: string[] = []
  const call = async (args: readonly string[], seconds: number): Promise<Captured> => {
    signal.throwIfAborted()
    return query(client, args, seconds)
  }
  await writeSources(folder, engine.arch)
  return {
    folder,
    engine,
    compile: () => compileIn({ folder, engine, facts, env, id, call, client }),
    build: async (name, files, recipe) => {
      const image = `create-base-image/tour-${id}:${name}`
      images.push(image)
      const room = join(folder, `image-${name}`)
      await mkdir(room)
      await Promise.all(files.map(file => copyFile(join(folder, file), join(room, file))))
      await writeFile(join(room, 'Dockerfile'), recipe)
      must(await call(['build', '--tag', image, room], 120), `build ${name}`)
      return image
    },
    run: async image => {
      const name = `create-base-image-tour-${id}-${image.split(':')[1]}`
      const done = await call(['run', '--rm', '--name', name, '--network', 'none', image], 60)
      await removeContainer(client, name)
      return told(`${engine.client} run --rm ${image.split(':')[1]}`, done, [[image, 'IMAGE']])
    },
    bytes: async file => (await stat(join(folder, file))).size,
    close: async () => {
      if (images.length > 0) await query(client, ['image', 'rm', '--force', ...images], 30)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

interface Compiling {
  readonly folder: string
  readonly engine: EngineFacts
  readonly facts: Facts
  readonly env: NodeJS.ProcessEnv
  readonly id: string
  readonly call: (args: readonly string[], seconds: number) => Promise<Captured>
  readonly client: Client
}

const writeSources = async (folder: string, arch: string): Promise<void> => {
  const known = rawArchOf(arch)
  const trust = join(assetsFolder(), 'learn/exercises/06-certificates/files/trust.c')
  await writeFile(join(folder, 'hello.c'), SOURCE)
  await copyFile(trust, join(folder, 'trust.c'))
  await writeFile(join(folder, 'no-libc'), rawProgram(`${MESSAGE}\n`, known), { mode: 0o755 })
}

/** What is compiled, in words for a compiler; `cc` and `musl` are its names. */
const commandsFor = (cc: string, musl: string): string[][] => [
  [cc, '-o', 'dynamic', 'hello.c'],
  [cc, '-static', '-o', 'static-glibc', 'hello.c'],
  [musl, '-static', '-Os', '-s', '-o', 'static-musl', 'hello.c'],
]

const TRUST = (musl: string): string[] => [musl, '-static', '-Os', '-s', '-o', 'trust', 'trust.c']

const compileIn = async (scene: Compiling): Promise<TourCommand[]> => {
  const { facts, engine } = scene
  const { cc, muslGcc } = facts.compiler
  const here = facts.platform === 'linux' && facts.arch === engine.arch
  if (here && cc !== null && muslGcc !== null) await compileHere(scene, cc, muslGcc)
  else await compileInContainer(scene)
  const shown = commandsFor('gcc', 'musl-gcc')
  return [
    ...shown.map(words => ({ command: words.join(' '), exitCode: 0, printed: [] })),
    {
      command: 'create-base-image --yes --program raw',
      exitCode: 0,
      printed: ['the fourth one: two system calls, written byte by byte'],
    },
  ]
}

const compileHere = async (
  { folder, env }: Compiling,
  cc: string,
  muslGcc: string,
): Promise<void> => {
  for (const [program = '', ...args] of [...commandsFor(cc, muslGcc), TRUST(muslGcc)])
    must(await capture(program, args, { cwd: folder, env, seconds: 60 }), program)
}

/** Constant, so that nothing of a person's is in a shell text. */
const INSIDE = [
  'set -e',
  'export DEBIAN_FRONTEND=noninteractive',
  'apt-get update',
  'apt-get install --yes --no-install-recommends gcc libc6-dev musl-tools',
  'cd /tour',
  ...[...commandsFor('gcc', 'musl-gcc'), TRUST('musl-gcc')].map(words => words.join(' ')),
].join('\n')

const compileInContainer = async ({ folder, id, call, client }: Compiling): Promise<void> => {
  const name = `create-base-image-tour-${id}`
  try {
    must(await call(['create', '--name', name, 'ubuntu:20.04', 'sh', '-c', INSIDE], 300), 'create')
    must(await call(['cp', `${folder}/.`, `${name}:/tour`], 60), 'cp')
    must(await call(['start', '--attach', name], 600), 'compile')
    for (const file of [...PROGRAMS, 'trust']) {
      must(await call(['cp', `${name}:/tour/${file}`, join(folder, file)], 60), 'cp')
      await chmod(join(folder, file), 0o755)
    }
  } finally {
    await removeContainer(client, name)
  }
}

const must = ({ exitCode, stdout, stderr }: Captured, what: string): void => {
  if (exitCode === 0) return
  const last = (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' ')
  throw new Error(`The tour's ${what} ended with ${exitCode ?? 'no'} exit code: ${last}`)
}

/** Names that differ from run to run are not part of what is shown. */
const told = (
  command: string,
  { exitCode, stdout, stderr }: Captured,
  hidden: readonly (readonly [string, string])[],
): TourCommand => {
  const all = hidden.reduce((text, [from, to]) => text.replaceAll(from, to), stdout + stderr)
  const printed = all.split('\n').filter(line => line.trim() !== '' && !HELP.test(line))
  return { command, exitCode, printed: printed.map(line => line.replaceAll('\t', ' ')) }
}

/** The client's own advice says nothing of what went wrong. */
const HELP = /^(?:Run 'docker|time=|See 'docker)/
