import { existsSync } from 'node:fs'
import { machineArchive } from './apt-sources.ts'
import { archOf } from './arch.ts'
import type { Facts, PrivateRoot } from './facts.ts'
import { probeCosign } from './probe-cosign.ts'
import { crossHere, type Libc, probeCompiler } from './probe-compiler.ts'
import { type EngineAnswer, probeDocker } from './probe-docker.ts'
import { probeKernel } from './probe-kernel.ts'
import { probePodman } from './probe-podman.ts'
import { probeRoot } from './probe-root.ts'
import { privateRootArgs } from './private-root.ts'
import { type TimedProbe, type RunProbe, runProbe, withLimit } from './run-probe.ts'

/** What to probe, and how. */
export interface ProbeOptions {
  /** `auto` takes docker, and podman where no docker engine answers and none is named; `none` asks no engine at all. */
  readonly engine: 'auto' | 'docker' | 'podman' | 'none'
  /** The environment of the probes' commands; DOCKER_HOST, DOCKER_CONTEXT, DOCKER_BUILDKIT and CONTAINER_HOST count. */
  readonly env: NodeJS.ProcessEnv
  readonly platform?: NodeJS.Platform
  /** Ends the probes: what has not answered by then counts as not there. */
  readonly signal?: AbortSignal
  /** Runs one read-only command; another one can play another machine. */
  readonly run?: RunProbe
  /** The C libraries whose compiler is looked for (both): a run that compiles nothing here needs none. */
  readonly libcs?: readonly Libc[]
  /** Compilers to try besides, each by the architecture that it compiles for. */
  readonly cross?: Readonly<Record<string, string>>
  /** Looks for what only a push needs: skopeo, and script(1) to watch it by. */
  readonly push?: boolean
  /** Looks for cosign, which only a signature needs. */
  readonly cosign?: boolean
  /** Looks for a private root also when an engine answers, for answers that are still to come. */
  readonly alwaysPrivateRoot?: boolean
  /** Looks whether packages can be set up by this machine's own kernel, which only a full image without an engine needs. */
  readonly kernelRoot?: boolean
  /** Whether the file of a time zone is on this machine; another one can play another machine. */
  readonly hasZones?: () => boolean
  /** How long one command may take, in milliseconds (5,000; over ssh 15,000, because a login comes first). */
  readonly limit?: number
}

/**
 * What this machine can do, from read-only commands that all start at once. Does not reject: a command that fails or
 * does not answer in time leaves its fact null, and for the engine says why in `engineProblem`.
 */
export const probeFacts = async (options: ProbeOptions): Promise<Facts> => {
  const {
    env,
    platform = process.platform,
    signal,
    run = runProbe,
    limit = isOverSsh(env) ? 15_000 : 5000,
    alwaysPrivateRoot = false,
    libcs = LIBCS,
    cross = {},
    push = false,
    cosign = false,
    kernelRoot: wantsKernelRoot = false,
    hasZones = () => existsSync(A_ZONE),
  } = options
  const timed = withLimit(run, limit, signal)
  const linux = platform === 'linux'
  const [engine, compiler, host, archive, crossed, forPush, signer] = await Promise.all([
    probeEngine(options, platform, timed),
    linux && libcs.length > 0 ? probeCompiler(timed, env, libcs) : Promise.resolve(NO_COMPILER),
    linux ? probeRoot(env) : Promise.resolve(null),
    linux ? publicArchive() : Promise.resolve(null),
    linux ? crossHere(cross, timed, env) : Promise.resolve([]),
    push ? probeForPush(timed, env, linux) : {},
    cosign ? probeCosign(timed, env) : undefined,
  ])
  // An engine proves an image by itself; only without one is a private root needed.
  const [privateRoot, kernelRoot] =
    linux && (alwaysPrivateRoot || engine.engine === null)
      ? await Promise.all([
          probePrivateRoot(timed, env),
          wantsKernelRoot ? probeKernel(timed, env) : null,
        ])
      : [null, null]
  return {
    version: 1,
    platform,
    arch: archOf(process.arch),
    ...engine,
    compiler: crossed.length > 0 ? { ...compiler, cross: crossed } : compiler,
    privateRoot,
    ...(kernelRoot === null ? {} : { kernelRoot }),
    host,
    archive,
    ...forPush,
    ...(signer === undefined ? {} : { cosign: signer }),
    zoneinfo: platform !== 'win32' && hasZones(),
  }
}

/** Other programs of the name `script` take other options, so only that of util-linux counts. */
const probeForPush = async (
  timed: TimedProbe,
  env: NodeJS.ProcessEnv,
  linux: boolean,
): Promise<Pick<Facts, 'skopeo' | 'script'>> => {
  const [skopeo, script] = await Promise.all([
    timed({ program: 'skopeo', args: ['--version'], env }),
    linux ? timed({ program: 'script', args: ['--version'], env }) : null,
  ])
  return {
    skopeo: skopeo.exitCode === 0,
    ...(script?.stdout.includes('util-linux') === true ? { script: true } : {}),
  }
}

const isOverSsh = (env: ProbeOptions['env']): boolean =>
  env['DOCKER_HOST']?.startsWith('ssh://') === true

/** Returns the archive of this machine's own apt, or null. Facts are saved and shown, so one with a password counts as none. */
export const publicArchive = async (): Promise<Facts['archive']> => {
  const found = await machineArchive()
  return found === null || found.secret ? null : { distro: found.distro, archive: found.archive }
}

/** A zone that every set of zone files has, also one without the old names. */
const A_ZONE = '/usr/share/zoneinfo/Europe/London'

const LIBCS: readonly Libc[] = ['glibc', 'musl']

const NO_COMPILER = { cc: null, muslGcc: null }

const probeEngine = async (
  { engine, env }: ProbeOptions,
  platform: NodeJS.Platform,
  timed: TimedProbe,
): Promise<EngineAnswer> => {
  if (engine === 'none') return { engine: null, engineProblem: null }
  if (engine === 'podman') return probePodman(timed, env, platform)
  const docker = await probeDocker(timed, env, platform)
  const code = docker.engineProblem?.code
  // A look at Podman makes its storage where there is none yet, so it comes only when it is needed.
  if (code === undefined || !mayBePodman(code, engine, env)) return docker
  const podman = await probePodman(timed, env, platform)
  if (podman.engine !== null) return podman
  // A problem with what is installed is more useful than one with what is not.
  const noDocker = code === 'no-client' || code === 'podman-client'
  return noDocker && podman.engineProblem?.code !== 'no-podman' ? podman : docker
}

/** Whether Podman may replace a Docker with this problem. An engine that was named is meant. */
const mayBePodman = (code: string, engine: string, env: NodeJS.ProcessEnv): boolean => {
  if (engine !== 'auto' || code === 'podman-client') return code === 'podman-client'
  return code === 'no-client' || !(env.DOCKER_HOST || env.DOCKER_CONTEXT)
}

const probePrivateRoot = async (
  timed: TimedProbe,
  env: NodeJS.ProcessEnv,
): Promise<Facts['privateRoot']> => {
  const works = async (kind: 'namespaces' | 'chroot') => {
    const answer = await timed({ ...privateRootArgs(kind, '/', ['true']), env })
    return answer.exitCode === 0
  }
  const [namespaces, chroot] = await Promise.all([works('namespaces'), works('chroot')])
  if (namespaces) return privateRoot('namespaces')
  return chroot ? privateRoot('chroot') : null
}

const privateRoot = (kind: PrivateRoot['kind']): PrivateRoot => {
  const { program, args } = privateRootArgs(kind, '{root}', [])
  return { kind, command: [program, ...args] }
}
