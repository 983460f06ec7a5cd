import type { CosignFacts } from './facts.ts'
import type { TimedProbe } from './run-probe.ts'

/** Returns what this machine's cosign takes, or null when there is none. Its versions tell nothing: a distribution's says `devel`. */
export const probeCosign = async (
  probe: TimedProbe,
  env: NodeJS.ProcessEnv,
): Promise<CosignFacts | null> => {
  const { exitCode, stdout, stderr } = await probe({
    program: 'cosign',
    args: ['sign', '--help'],
    env,
  })
  return exitCode === 0
    ? { asksForServices: `${stdout}${stderr}`.includes('--use-signing-config') }
    : null
}
