import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
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

test('what may not be run is no tool', () => {
  tool('sudo', 0o644)
  expect(probeRoot({ PATH: folder }, 1000, []).root).toBe(null)
})

test('a folder is no tool, and the next one on the PATH is taken', () => {
  const debootstrap = tool('debootstrap')
  mkdirSync(join(folder, 'elsewhere/debootstrap'), { recursive: true })
  const env = { PATH: [join(folder, 'elsewhere'), folder].join(delimiter) }
  expect(probeRoot(env, 1000, []).debootstrap).toBe(debootstrap)
  expect(probeRoot({ PATH: join(folder, 'elsewhere') }, 1000, []).debootstrap).toBe(null)
})

test('a folder of no fixed place is not looked into', () => {
  const before = process.cwd()
  tool('debootstrap')
  try {
    process.chdir(folder)
    expect(probeRoot({ PATH: '.' }, 1000, []).debootstrap).toBe(null)
  } finally {
    process.chdir(before)
  }
})

test("the folders that only root's PATH has are looked into last", () => {
  const sbin = join(folder, 'sbin')
  mkdirSync(sbin)
  const debootstrap = join(sbin, 'debootstrap')
  writeFileSync(debootstrap, '#!/bin/sh\n', { mode: 0o755 })
  expect(probeRoot({ PATH: '/nowhere' }, 1000, [sbin]).debootstrap).toBe(debootstrap)
  expect(probeRoot({ PATH: folder }, 1000, [sbin]).debootstrap).toBe(join(folder, 'debootstrap'))
})
