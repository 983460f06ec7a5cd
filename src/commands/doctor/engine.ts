import { runProbe } from '../../engine/run-probe.ts'
import type { Facts } from '../../engine/facts.ts'

/** What only `doctor` asks an engine. */
export interface EngineRoom {
  /** The folder that the engine keeps images in, where that is on this machine; else null. */
  readonly root: string | null
  /** The proxy that the engine pulls through; empty for none, null when it is not known. */
  readonly proxy: string | null
  /** How many prepared builders it keeps. */
  readonly builders: number
}

/** Asks the engine for its folder, its proxy and its prepared builders. Never throws; null without an engine. */
export const askRoom = async (
  { engine }: Facts,
  env: NodeJS.ProcessEnv,
): Promise<EngineRoom | null> => {
  if (engine === null) return null
  const query = async (args: readonly string[]): Promise<string> =>
    (await runProbe({ program: engine.client, args, env }, AbortSignal.timeout(5000))).stdout.trim()
  const podman = engine.kind === 'podman'
  const rootWords = podman ? '{{.Store.GraphRoot}}' : '{{.DockerRootDir}}'
  const names = ['images', '--filter', 'label=create-base-image.role', '--format', '{{.ID}}']
  const [root, proxy, builders] = await Promise.all([
    query(['info', '--format', rootWords]),
    // Podman pulls by itself, with the environment that it is started in.
    podman ? null : query(['info', '--format', '{{.HTTPSProxy}}']),
    query(names),
  ])
  return {
    root: engine.remote || !root.startsWith('/') ? null : root,
    proxy: proxy === '<no value>' ? null : proxy,
    builders: builders.split('\n').filter(line => line !== '').length,
  }
}
