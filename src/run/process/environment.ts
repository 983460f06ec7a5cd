import type { Facts } from '../../engine/facts.ts'

/** Settings that would change what a client prints or builds, so that no reader could rely on it. */
const SCRUBBED =
  /^(?:BUILDKIT_|BUILDX_(?!CONFIG$|BUILDER$)|DOCKER_DEFAULT_PLATFORM$|NO_COLOR$|FORCE_COLOR$|CLICOLOR)/

/**
 * The environment of every child: ours, less what would change a client's output, with the builder chosen.
 * A client of 23 or newer without buildx fails when DOCKER_BUILDKIT is 1, so it is always said.
 */
export const childEnvironment = (facts: Facts, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const kept = Object.entries(env).filter(([name]) => !SCRUBBED.test(name))
  return {
    ...Object.fromEntries(kept),
    DOCKER_BUILDKIT: facts.engine === null || facts.engine.builder === 'classic' ? '0' : '1',
    DOCKER_CLI_HINTS: 'false',
    PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
    LC_ALL: 'C.UTF-8',
  }
}
