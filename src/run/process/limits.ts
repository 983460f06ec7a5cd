import { readFileSync } from 'node:fs'

/** What a container of ours needs at most, by the names of `--ulimit` and of /proc/self/limits. */
const MOST = [
  { name: 'nofile', line: 'Max open files', most: 1024 },
  { name: 'nproc', line: 'Max processes', most: 4096 },
] as const

/**
 * The options that make Podman ask for few open files and processes for a container, and for no more than this
 * process may have by `text`, which is /proc/self/limits. By itself it asks for so much that systems which are
 * containers themselves refuse (`error setting rlimit type 7: operation not permitted`).
 */
export const limitOptions = (text: string): string[] =>
  MOST.flatMap(({ name, line, most }) => {
    const [, own] = new RegExp(`^${line} +\\S+ +(\\S+)`, 'm').exec(text) ?? []
    if (own === undefined) return []
    const limit = own === 'unlimited' ? most : Math.min(Number(own), most)
    return ['--ulimit', `${name}=${limit}:${limit}`]
  })

/** The same for this process; nothing where the system is not Linux, so that its Podman is elsewhere. */
export const ownLimits = (): string[] => {
  try {
    return limitOptions(readFileSync('/proc/self/limits', 'utf8'))
  } catch {
    return []
  }
}
