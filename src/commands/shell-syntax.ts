import { execa } from 'execa'

/**
 * Returns what keeps every shell of this machine from reading a script, in a shell's own words; null for one that a shell
 * can read, and where there is no shell. Nothing of the script is run.
 */
export const wrongSyntax = async (text: string, env: NodeJS.ProcessEnv): Promise<string | null> => {
  const faults = await Promise.all(SHELLS.map(shell => faultBy(shell, text, env)))
  return faults.includes(null) ? null : (faults.find(fault => typeof fault === 'string') ?? null)
}

/** The builder's sh may be either: Debian's is dash, Fedora's is bash. */
const SHELLS = ['sh', 'bash'] as const

const MISSING = Symbol('no such shell')

const faultBy = async (
  shell: string,
  text: string,
  env: NodeJS.ProcessEnv,
): Promise<string | typeof MISSING | null> => {
  const { exitCode, stderr } = await execa(shell, ['-n'], {
    input: text,
    env,
    extendEnv: false,
    reject: false,
  })
  if (exitCode === undefined) return MISSING
  return exitCode === 0 ? null : (stderr.split('\n')[0] ?? '').replace(/^\S+: (?:line )?/, 'line ')
}
