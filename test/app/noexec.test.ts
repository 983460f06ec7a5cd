import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))
const base = mkdtempSync(join(tmpdir(), 'cbi-noexec-'))
const there = join(base, 'mounted')
mkdirSync(there)
const mayMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'noexec,size=32m', 'tmpfs', there]).status === 0
afterAll(() => {
  if (mayMount) spawnSync('umount', ['--lazy', there])
  rmSync(base, { recursive: true, force: true })
})

const cli = (cwd: string, env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [BIN, 'made', '--yes', '--engine', 'none', '--program', 'raw'], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: base, ...env },
  })

describe.skipIf(!mayMount)('a file system that forbids programs (needs root)', () => {
  beforeAll(() => mkdirSync(join(there, 'tmp')))

  test('below the project folder it is named as the cause, with the way out', () => {
    const { status, stdout } = cli(there)
    expect(status).toBe(3)
    expect(stdout).toMatch(/forbids programs \(noexec\), most likely\.[^]*-> Use a project folder/)
    expect(readdirSync(there)).not.toContain('made.tar')
    expect(existsSync(join(there, 'made/made.tar'))).toBe(false)
  })

  test.each(['TMPDIR', 'HOME', 'XDG_CACHE_HOME'])('as %s it is in nobody’s way', name => {
    const cwd = mkdtempSync(join(base, 'here-'))
    const { status, stdout } = cli(cwd, { [name]: join(there, 'tmp') })
    expect(status, stdout).toBe(0)
    expect(readdirSync(join(there, 'tmp'))).toEqual([])
  })
})
