import { isAbsolute } from 'node:path'
import type { Ask } from './run-probe.ts'

/** How something can be run as root on this machine. */
export interface RootFacts {
  /** `root` when we are root; `sudo` when sudo is here, whether it would allow us or not; else null. */
  readonly root: 'root' | 'sudo' | null
  /** Where debootstrap is, also in the folders that only root's PATH has; null when it is not here. */
  readonly debootstrap: string | null
}

/** Whether and how debootstrap can be run as root here. Reads only: nobody is asked for a password. Does not reject. */
export const probeRoot = async (
  ask: Ask,
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform,
  uid: number | undefined = process.getuid?.(),
): Promise<RootFacts> => {
  if (platform !== 'linux') return { root: null, debootstrap: null }
  const [sudo, debootstrap] = await Promise.all([
    uid === 0 ? null : whereIs('sudo', ask, env),
    whereIs('debootstrap', ask, env),
  ])
  if (uid === 0) return { root: 'root', debootstrap }
  return { root: sudo === null ? null : 'sudo', debootstrap }
}

const whereIs = async (
  program: string,
  ask: Ask,
  env: NodeJS.ProcessEnv,
): Promise<string | null> => {
  const { exitCode, stdout } = await ask({
    program: 'sh',
    args: ['-c', 'command -v "$1"', 'sh', program],
    env: { ...env, PATH: `${env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin` },
  })
  const path = stdout.trim()
  return exitCode === 0 && isAbsolute(path) ? path : null
}
