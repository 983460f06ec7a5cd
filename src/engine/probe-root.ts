import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { HostFacts } from './facts.ts'

/**
 * Whether and how debootstrap can be run as root here. Reads only: nobody is asked for a password. `rootFolders` are
 * looked into after those of PATH: only root's PATH has them.
 */
export const probeRoot = (
  env: NodeJS.ProcessEnv,
  uid: number | undefined = process.getuid?.(),
  rootFolders: readonly string[] = ['/usr/sbin', '/sbin'],
): HostFacts => {
  const whereIs = (program: string): string | null =>
    find(program, [...(env['PATH'] ?? '/usr/bin:/bin').split(delimiter), ...rootFolders])
  const debootstrap = whereIs('debootstrap')
  if (uid === 0) return { root: 'root', debootstrap }
  return { root: whereIs('sudo') === null ? null : 'sudo', debootstrap }
}

const find = (program: string, folders: readonly string[]): string | null =>
  folders
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
