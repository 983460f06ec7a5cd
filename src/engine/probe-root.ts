import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { HostFacts } from './facts.ts'

/** Whether and how debootstrap can be run as root here. Reads only: nobody is asked for a password. */
export const probeRoot = (
  env: NodeJS.ProcessEnv,
  uid: number | undefined = process.getuid?.(),
): HostFacts => {
  const debootstrap = whereIs('debootstrap', env)
  if (uid === 0) return { root: 'root', debootstrap }
  return { root: whereIs('sudo', env) === null ? null : 'sudo', debootstrap }
}

/** The folders of PATH, and those that only root's PATH has. */
const whereIs = (program: string, { PATH = '/usr/bin:/bin' }: NodeJS.ProcessEnv): string | null =>
  [...PATH.split(delimiter), '/usr/sbin', '/sbin']
    .filter(isAbsolute)
    .map(folder => join(folder, program))
    .find(isProgram) ?? null

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
