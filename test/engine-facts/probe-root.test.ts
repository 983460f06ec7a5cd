import { expect, test } from 'vitest'
import { probeRoot } from '../../src/engine/probe-root.ts'
import { runProbe, withLimit, type ProbeCommand } from '../../src/engine/run-probe.ts'
import { MISSING, says } from './machines.ts'

const machineWith = (paths: Readonly<Record<string, string>>) => {
  const asked: ProbeCommand[] = []
  const ask = (command: ProbeCommand) => {
    asked.push(command)
    const path = paths[command.args.at(-1) ?? '']
    return Promise.resolve(path === undefined ? says('', 127) : says(`${path}\n`))
  }
  return { ask, asked }
}

const BOTH = { sudo: '/usr/bin/sudo', debootstrap: '/usr/sbin/debootstrap' }

test('root needs no sudo; another user has it or not', async () => {
  const env = { PATH: '/bin' }
  expect(await probeRoot(machineWith(BOTH).ask, env, 'linux', 0)).toEqual({
    root: 'root',
    debootstrap: '/usr/sbin/debootstrap',
  })
  expect(await probeRoot(machineWith(BOTH).ask, env, 'linux', 1000)).toMatchObject({ root: 'sudo' })
  expect(await probeRoot(machineWith({}).ask, env, 'linux', 1000)).toEqual({
    root: null,
    debootstrap: null,
  })
})

test('nothing is asked of sudo, and the folders of root are looked at', async () => {
  const { ask, asked } = machineWith(BOTH)
  await probeRoot(ask, { PATH: '/bin', HOME: '/h' }, 'linux', 1000)
  expect(asked.map(({ program }) => program)).toEqual(['sh', 'sh'])
  expect(asked[0]?.env).toEqual({ PATH: '/bin:/usr/sbin:/sbin', HOME: '/h' })
})

test('other systems are not asked, and no answer is no tool', async () => {
  const { ask, asked } = machineWith(BOTH)
  expect(await probeRoot(ask, {}, 'darwin', 0)).toEqual({ root: null, debootstrap: null })
  expect(asked).toEqual([])
  const silent = () => Promise.resolve(MISSING)
  expect(await probeRoot(silent, {}, 'linux', 1000)).toEqual({ root: null, debootstrap: null })
  expect(await probeRoot(machineWith({ sudo: 'sudo' }).ask, {}, 'linux', 5)).toMatchObject({
    root: null,
  })
})

test.skipIf(process.platform !== 'linux')('this machine answers', async () => {
  const { debootstrap } = await probeRoot(withLimit(runProbe, 5000), { PATH: '' }, 'linux')
  expect(debootstrap ?? '/x/debootstrap').toMatch(/^\/.*\/debootstrap$/)
})
