import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, describe, onTestFinished, test as plainTest } from 'vitest'

/** Whether the engine that the environment names answers, and if not, why. */
export interface EngineState {
  readonly reachable: boolean
  /** Empty when the engine answers. */
  readonly reason: string
  /** The environment in which it was asked. */
  readonly env: NodeJS.ProcessEnv
}

/** A docker client on PATH. */
export interface Client {
  /** `docker 28.2.2` */
  readonly label: string
  readonly version: string
  /** The program itself, links resolved. */
  readonly path: string
  /** The folder on PATH that it was found in. */
  readonly bin: string
}

/** How a docker command ended. */
export interface DockerResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** Remembers what a test makes in the engine; it is removed when the test ends. Both give back what they take. */
export interface Made {
  readonly image: (reference: string) => string
  readonly container: (name: string) => string
}

let state: EngineState | undefined
let found: readonly Client[] | undefined
const folders = new Map<string, string>()

/** Tells whether the engine answers; asked once per test file, by `docker version` with ten seconds to answer. */
export const engine = (): EngineState => (state ??= ask(process.env))

/** Lists the docker clients on PATH, each program once, in the order of PATH. */
export const clients = (): readonly Client[] => (found ??= findClients(process.env.PATH ?? ''))

/** Returns `env` with a PATH that begins with a folder holding nothing but `docker`, which is that client. */
export const withClient = (
  client: Client,
  env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv => ({
  ...env,
  PATH: [folderFor(client), env.PATH ?? ''].join(delimiter),
})

/** Runs docker without a shell and without stdin, unless `input` is given; a failure is a result, not an error. */
export const docker = async (
  args: readonly string[],
  env: NodeJS.ProcessEnv = engine().env,
  input = '',
): Promise<DockerResult> => {
  const options = { env, extendEnv: false, reject: false, input } as const
  const { exitCode, stdout, stderr, shortMessage } = await execa('docker', args, options)
  if (exitCode === undefined) throw new Error(shortMessage)
  return { exitCode, stdout, stderr }
}

/** An engine that a test has for itself. */
export interface OwnEngine {
  readonly env: NodeJS.ProcessEnv
  /** Where scripts/engine.sh keeps it; the images are below `data`. */
  readonly folder: string
  /** Ends it at once. */
  readonly stop: () => void
}

/** Whether `startEngine` can start one here. */
export const canStartEngine = (): boolean =>
  process.getuid?.() === 0 && spawnSync('sh', ['-c', 'command -v dockerd containerd']).status === 0

/** Starts an engine for one test by scripts/engine.sh, with its options; after the test it is gone. */
export const startEngine = (...words: readonly string[]): OwnEngine => {
  const folder = mkdtempSync(join(tmpdir(), 'cbi-e-'))
  const stop = (): void => void spawnSync(ENGINE, ['stop', folder])
  onTestFinished(stop)
  const started = spawnSync(ENGINE, ['start', ...words, folder], { encoding: 'utf8' })
  if (started.status !== 0) throw new Error(started.stderr)
  return { env: { ...process.env, DOCKER_HOST: `unix://${folder}/docker.sock` }, folder, stop }
}

/** `test` with a fixture `made`; throws at the test's end if something it made can't be removed. */
export const test = plainTest.extend<{ made: Made }>({
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the fixtures that this one needs from the pattern.
  made: async ({}, use) => {
    const containers: string[] = []
    const images: string[] = []
    await use({ container: name => keep(containers, name), image: name => keep(images, name) })
    await removeAll(['container', 'rm', '--force', '--volumes'], containers)
    await removeAll(['image', 'rm', '--force'], images)
  },
})

/**
 * Groups tests that need the engine. Without one they are skipped with the reason in the title; where
 * CBI_NEED_ENGINE is 1 the group fails instead, so that a run with an engine never passes by skipping.
 */
export const describeEngine = (title: string, body: () => void): void => {
  const { reachable, reason } = engine()
  if (reachable) {
    describe(title, body)
    return
  }
  if (process.env.CBI_NEED_ENGINE === '1') {
    describe(title, () =>
      plainTest('has an engine to test with', () => Promise.reject(new Error(reason))),
    )
    return
  }
  describe.skip(`${title} (skipped: ${reason})`, body)
}

afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true })
  folders.clear()
})

const ENGINE = fileURLToPath(new URL('../../scripts/engine.sh', import.meta.url))

const ask = (env: NodeJS.ProcessEnv): EngineState => {
  const args = ['version', '--format', '{{.Server.Version}}']
  const result = spawnSync('docker', args, { env, encoding: 'utf8', timeout: 60_000 })
  const reason = result.status === 0 ? '' : reasonOf(result)
  return { reachable: reason === '', reason, env }
}

const reasonOf = (result: {
  readonly error?: Error | undefined
  readonly stderr: string | null
}): string => {
  if (result.error) return `docker does not run: ${result.error.message}`
  return (result.stderr ?? '').trim().split('\n').at(-1) || 'docker version failed and said nothing'
}

const findClients = (path: string): readonly Client[] => {
  const seen = new Set<string>()
  return path
    .split(delimiter)
    .flatMap(bin => clientIn(bin) ?? [])
    .filter(({ path: real }) => !seen.has(real) && seen.add(real))
}

const clientIn = (bin: string): Client | null => {
  const program = join(bin, 'docker')
  if (bin === '' || !isExecutable(program)) return null
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 60_000 })
  const version = /^Docker version ([^\s,]+)/m.exec(stdout ?? '')?.[1]
  // A script named docker that runs podman says so here, and is not a docker client.
  if (version === undefined) return null
  return { label: `docker ${version}`, version, path: realpathSync(program), bin }
}

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const folderFor = ({ path }: Client): string => {
  const known = folders.get(path)
  if (known !== undefined) return known
  const folder = mkdtempSync(join(tmpdir(), 'cbi-client-'))
  symlinkSync(path, join(folder, 'docker'))
  folders.set(path, folder)
  return folder
}

const keep = (list: string[], name: string): string => {
  list.push(name)
  return name
}

const removeAll = async (remove: readonly string[], names: readonly string[]): Promise<void> => {
  if (names.length === 0) return
  const { stderr } = await docker([...remove, ...names])
  const lines = stderr.split('\n').filter(line => line !== '' && !/no such/i.test(line))
  if (lines.length > 0) throw new Error(lines.join('\n'))
}
