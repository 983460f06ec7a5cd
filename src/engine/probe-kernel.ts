import { readAsset } from '../assets.ts'
import type { KernelRoot, Remedy } from './facts.ts'
import type { TimedProbe } from './run-probe.ts'

/** Whether packages can be set up on this machine's own kernel, by trying its namespaces. Never throws. */
export const probeKernel = async (
  probe: TimedProbe,
  { PATH }: NodeJS.ProcessEnv,
  uid: number | undefined = process.getuid?.(),
): Promise<KernelRoot> => {
  const text = readAsset('bootstrap/own-kernel.sh')
  const args = ['-c', text, 'sh', 'probe']
  const { exitCode, stderr } = await probe({ program: 'sh', args, env: { PATH, OWN_TEXT: text } })
  if (exitCode === 0) return { problem: null }
  return { problem: problemOf(/^F: ([A-Z]+)/m.exec(stderr)?.[1] ?? '', uid === 0) }
}

const problemOf = (code: string, isRoot: boolean): Remedy => {
  const { what, todo } = isRoot ? ROOTS : (PROBLEMS[code] ?? OTHER)
  return { code: 'no-namespaces', what, todo: [...todo, ...(isRoot ? [] : [AS_ROOT])], lacks: true }
}

const AS_ROOT = 'Or run the same command as root.'

const OTHER = {
  what: 'This system does not let a user make namespaces and mount in them.',
  // https://discourse.ubuntu.com/t/ubuntu-24-04-lts-noble-numbat-release-notes: unprivileged user namespaces
  todo: [
    'On Ubuntu since 23.10, an administrator allows it: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  ],
}

/** In a container an engine must allow it. */
const ROOTS = {
  what: 'This system lets not even root make namespaces and mount in them, as in a container without rights.',
  todo: ['In a container: start it with --privileged.'],
}

const PROBLEMS: Readonly<Record<string, typeof OTHER>> = {
  USERNS: {
    what: 'This system has no user namespaces for users (or no unshare, of the package util-linux).',
    todo: [
      'An administrator allows them: sysctl -w user.max_user_namespaces=15000; on Debian before 11 also kernel.unprivileged_userns_clone=1',
    ],
  },
  IDS: {
    what: 'This user has no range of IDs to give away: newuidmap is missing, or a line in /etc/subuid and /etc/subgid.',
    todo: [
      'On Debian or Ubuntu: sudo apt-get install --yes uidmap',
      'And a range: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 "$USER"',
    ],
  },
}
