import { expect, test } from 'vitest'
import { probeKernel } from '../../src/engine/probe-kernel.ts'
import { runProbe } from '../../src/engine/run-probe.ts'
import { says } from './machines.ts'

const saying = (stderr: string, uid: number) =>
  probeKernel(async () => ({ ...says('', 1), stderr }), {}, uid)

test.each([
  ['F: USERNS', 1000, 'no user namespaces', 'user.max_user_namespaces'],
  ['newuidmap: not found\nF: IDS', 1000, 'no range of IDs', 'apt-get install --yes uidmap'],
  ['F: MOUNT', 1000, 'does not let a user', 'apparmor_restrict_unprivileged_userns'],
  ['unshare: unrecognized option', 1000, 'does not let a user', 'as root'],
  ['F: USERNS', 0, 'not even root', '--privileged'],
])('%j for user %i is told with what would do', async (stderr, uid, what, todo) => {
  const { problem } = await saying(stderr, uid)
  expect(problem?.what).toContain(what)
  expect(problem?.todo.join(' ')).toContain(todo)
  expect(problem?.todo.some(line => line.includes('as root'))).toBe(uid !== 0)
})

test.skipIf(process.platform !== 'linux')(
  'this machine answers it: with namespaces, or with a reason',
  async () => {
    const ask = (command: Parameters<typeof runProbe>[0]) =>
      runProbe(command, AbortSignal.timeout(5000))
    const { problem } = await probeKernel(ask, process.env)
    expect(problem === null || problem.todo.length > 0).toBe(true)
    const without = await probeKernel(ask, { PATH: '/nowhere' })
    expect(without.problem).not.toBeNull()
  },
)
