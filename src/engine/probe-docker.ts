import { archOf, archOfMachine } from './arch.ts'
import { builderOf, buildxVersionOf } from './builder.ts'
import type { EngineFacts, Remedy } from './facts.ts'
import { type DockerInfo, type DockerVersion, parseJson } from './docker-json.ts'
import { findRemedy, remedyOf, type RemedyContext } from './remedies.ts'
import type { TimedProbe, ProbeResult } from './run-probe.ts'

/** The engine that answered or the reason why none did; both are null when none was asked for. */
export interface EngineAnswer {
  readonly engine: EngineFacts | null
  readonly engineProblem: Remedy | null
}

/**
 * The engine behind the `docker` client, as the client's own configuration finds it. `docker version` says whether
 * it is alive: `docker info` of a 20.10 client exits 0 when no engine answers.
 */
export const probeDocker = async (
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<EngineAnswer> => {
  const docker = (...args: readonly string[]) => probe({ program: 'docker', args, env })
  const [version, info, buildx, context] = await Promise.all([
    docker('version', '--format', '{{json .}}'),
    docker('info', '--format', '{{json .}}'),
    docker('buildx', 'version'),
    docker('context', 'inspect', '--format', '{{json .Endpoints.docker.Host}}'),
  ])
  const answers = { version, info, buildx, context }
  return answerOf(answers, env, { platform, client: 'docker', wsl: isWsl(env) })
}

interface Answers {
  readonly version: ProbeResult
  readonly info: ProbeResult
  readonly buildx: ProbeResult
  readonly context: ProbeResult
}

const isWsl = (env: NodeJS.ProcessEnv): boolean => Boolean(env.WSL_DISTRO_NAME)

const answerOf = (
  answers: Answers,
  env: NodeJS.ProcessEnv,
  context: RemedyContext,
): EngineAnswer => {
  const problem = (code: string): EngineAnswer => ({
    engine: null,
    engineProblem: remedyOf(code, context),
  })
  const { version } = answers
  if (version.missing) return problem('no-client')
  if (version.timedOut) return problem('no-answer')
  const versions = parseJson<DockerVersion>(version.stdout)
  if (isPodman(versions)) return problem('podman-client')
  if (version.exitCode !== 0 || !versions?.Server) return refusalOf(answers, context)
  const engine = engineOf(versions, answers, env)
  return engine.os === 'windows' ? problem('windows-containers') : { engine, engineProblem: null }
}

// Podman installs a `docker` of its own on some machines; unlike Docker's it writes `APIVersion`.
const isPodman = (versions: DockerVersion | null): boolean =>
  versions?.Client?.APIVersion !== undefined ||
  (versions?.Server?.Components ?? []).some(({ Name }) => Name === 'Podman Engine')

const refusalOf = ({ version, info }: Answers, context: RemedyContext): EngineAnswer => {
  const serverErrors = parseJson<DockerInfo>(info.stdout)?.ServerErrors ?? []
  return refusal([version.stderr, ...serverErrors].join('\n'), context)
}

/** The answer of an engine that can't be used; `text` is everything that its client said. */
export const refusal = (text: string, context: RemedyContext): EngineAnswer => ({
  engine: null,
  engineProblem: findRemedy(text, context) ?? remedyOf('engine-refused', context, gistOf(text)),
})

/** The first line that calls itself an error: a client may warn before it fails. */
const gistOf = (text: string): string => {
  const lines = text.split('\n').map(line => line.trim())
  return lines.find(line => /^error/i.test(line)) ?? lines.find(line => line !== '') ?? 'nothing'
}

const engineOf = (
  versions: DockerVersion,
  answers: Answers,
  env: NodeJS.ProcessEnv,
): EngineFacts => {
  const { Client: client = {}, Server: server } = versions
  const info = parseJson<DockerInfo>(answers.info.stdout) ?? {}
  const buildxVersion = buildxVersionOf(answers.buildx)
  const clientVersion = client.Version ?? ''
  return {
    kind: 'docker',
    client: 'docker',
    clientVersion,
    serverVersion: server?.Version ?? '',
    apiVersion: client.ApiVersion ?? server?.ApiVersion ?? '',
    serverName: server?.Components?.[0]?.Name ?? 'Engine',
    os: server?.Os ?? info.OSType ?? 'linux',
    arch: server?.Arch ? archOf(server.Arch) : archOfMachine(info.Architecture ?? ''),
    rootless: (info.SecurityOptions ?? []).some(option => option.includes('name=rootless')),
    store: storeOf(info),
    builder: builderOf(clientVersion, buildxVersion, env.DOCKER_BUILDKIT),
    buildxVersion,
    remote: isRemote(parseJson<string>(answers.context.stdout) ?? env.DOCKER_HOST ?? ''),
  }
}

const storeOf = ({ DriverStatus: status }: DockerInfo): EngineFacts['store'] =>
  (status ?? []).some(([, value]) => value === 'io.containerd.snapshotter.v1')
    ? 'containerd'
    : 'classic'

// A loopback address too: what listens there may be a tunnel or a virtual machine, with files of its own.
const isRemote = (host: string): boolean => host !== '' && !/^(unix|npipe|fd):/.test(host)
