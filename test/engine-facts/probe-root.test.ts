import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { probeRoot } from '../../src/engine/probe-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'probe-root-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tool = (name: string, mode = 0o755): string => {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, mode)
  return path
}

test('root needs no sudo; another user has it or not', () => {
  const env = { PATH: folder }
  const debootstrap = tool('debootstrap')
  expect(probeRoot(env, 0)).toEqual({ root: 'root', debootstrap })
  tool('sudo')
  expect(probeRoot(env, 1000)).toEqual({ root: 'sudo', debootstrap })
})

test('what may not be run is no tool, nor is a folder, nor one in a folder of no fixed place', () => {
  tool('sudo', 0o644)
  mkdirSync(join(folder, 'elsewhere/debootstrap'), { recursive: true })
  const { root } = probeRoot({ PATH: folder }, 1000)
  expect(root).toBe(null)
  expect(probeRoot({ PATH: join(folder, 'elsewhere') }, 1000).debootstrap ?? '').not.toContain(
    'elsewhere',
  )
  expect(probeRoot({ PATH: '.' }, 1000).debootstrap ?? '/none').toMatch(/^\//)
})
