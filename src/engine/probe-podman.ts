import { archOf } from './arch.ts'
import { type DockerVersion, parseJson, type PodmanInfo } from './docker-json.ts'
import type { EngineFacts } from './facts.ts'
import { type EngineAnswer, refusal } from './probe-docker.ts'
import { remedyOf } from './remedies.ts'
import type { TimedProbe } from './run-probe.ts'

/**
 * The engine behind the `podman` client, as the client's own configuration finds it: on this machine, in Podman's
 * virtual machine, or at CONTAINER_HOST. `podman info` says whether it works: `podman version` of a client that is
 * its own engine looks neither at the storage nor at the rights of the user.
 */
export const probePodman = async (
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
): Promise<EngineAnswer> => {
  const podman = (what: string) =>
    probe({ program: 'podman', args: [what, '--format', 'json'], env })
  const [info, version] = await Promise.all([podman('info'), podman('version')])
  const context = { platform, client: 'podman' }
  const problem = (code: string): EngineAnswer => ({
    engine: null,
    engineProblem: remedyOf(code, context),
  })
  if (info.missing) return problem('no-podman')
  if (info.timedOut) return problem('no-answer')
  const found = parseJson<PodmanInfo>(info.stdout)
  if (info.exitCode !== 0 || !found?.host) return refusal(info.stderr, context)
  const clientVersion = parseJson<DockerVersion>(version.stdout)?.Client?.Version
  return { engine: engineOf(found, clientVersion, env), engineProblem: null }
}

const engineOf = (
  { host = {}, version = {} }: PodmanInfo,
  clientVersion: string | undefined,
  { CONTAINER_HOST: address = '' }: NodeJS.ProcessEnv,
): EngineFacts => {
  const { Version: serverVersion = '', APIVersion: apiVersion = '' } = version
  return {
    kind: 'podman',
    client: 'podman',
    clientVersion: clientVersion ?? serverVersion,
    serverVersion,
    apiVersion,
    serverName: 'Podman Engine',
    os: host.os ?? 'linux',
    arch: archOf(host.arch ?? ''),
    rootless: host.security?.rootless ?? false,
    store: 'classic',
    builder: 'podman',
    buildxVersion: null,
    // A service behind a socket of this machine is not reached over the network.
    remote: host.serviceIsRemote === true && !address.startsWith('unix:'),
  }
}
