import { expect, test } from 'vitest'
import type { CraftStage } from '../../../src/plan/types.ts'
import type { UsageError } from '../../../src/errors.ts'
import { isArchiveAlways } from '../../../src/plan/plan.ts'
import { engine, full } from '../minimal/inputs.ts'
import { ids, planOf, stepOf } from './inputs.ts'

const craftOf = (argv: readonly string[]): CraftStage => {
  const [stage] = stepOf(planOf(['--distro', 'busybox', ...argv]), 'pack').pipeline as [CraftStage]
  return stage
}

test('BusyBox is made with no container, even where there is an engine, and says what it becomes', () => {
  const plan = planOf(['--distro', 'busybox'])
  expect(ids(plan)).toEqual(['files', 'pack', 'unpack', 'run'])
  expect(plan.image.archive).not.toBeNull()
  expect(plan.notices.join('\n')).toContain('docker load')
  expect(stepOf(plan, 'run').mustPrint).toEqual(['PRETTY_NAME="BusyBox 1.37"'])
})

test('where an engine answers it is the one that is named: by what the archive could be proven, and what loads it', () => {
  const podman = { ...engine, kind: 'podman', client: 'podman' } as const
  const plan = planOf(['--distro', 'busybox'], { engine: podman, privateRoot: null })
  expect(plan.proof).toEqual({
    whyNot: 'no private root is to be had here; podman load and podman run would prove it',
  })
  expect(plan.next[0]?.slice(0, 2)).toEqual(['podman', 'load'])
  expect(isArchiveAlways(full('--distro', 'busybox').answers)).toBe(true)
  expect(isArchiveAlways(full('--distro', 'alpine').answers)).toBe(false)
})

test('advice and title name no container and no package, because it has none', () => {
  try {
    planOf(['--distro', 'busybox', '--bootstrap', 'host'])
    expect.unreachable()
  } catch (error) {
    expect((error as UsageError).todo).toEqual(['Leave it out.'])
  }
  expect(planOf(['--distro', 'busybox', '--include', 'curl']).headline).not.toContain('curl')
})

test('glibc is Debian’s unless musl is asked for', () => {
  expect(craftOf([]).craft).toBe('pack-busybox')
  expect(craftOf([]).input).toMatchObject({
    libc: 'glibc',
    suite: 'trixie',
    architecture: 'amd64',
    version: '1.37',
  })
  expect(craftOf(['--variant', 'musl', '--arch', 'arm64']).input).toMatchObject({
    libc: 'musl',
    branch: 'v3.22',
    repository: 'main',
    architecture: 'aarch64',
  })
})
