import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readAsset } from '../../../src/assets.ts'
import { printScript } from '../../../src/plan/script/print-script.ts'
import { given } from '../minimal/inputs.ts'

const folder = mkdtempSync(join(tmpdir(), 'cbi-alone-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const SOURCE = "int main(void)\n{\n    return 'a' == '\\0'; // \"$HOME\" `x` %s \\\n}\n"
writeFileSync(join(folder, 'mine.c'), SOURCE)

const script = (kind: 'sh' | 'powershell' | 'dockerfile', ...argv: string[]): string =>
  printScript(kind, given(...argv), 'amd64', readAsset)
const MINE = ['--program', join(folder, 'mine.c')]

test('the sh script writes all that it needs, byte by byte as it was', () => {
  const cwd = mkdtempSync(join(folder, 'run-'))
  // Up to the first command of the engine, whose place a program takes that fails.
  writeFileSync(join(cwd, 'docker'), '#!/bin/sh\nexit 9\n', { mode: 0o755 })
  writeFileSync(join(cwd, 'build.sh'), script('sh', ...MINE))
  expect(() =>
    execFileSync('sh', ['build.sh'], { cwd, env: { PATH: `${cwd}:${process.env['PATH']}` } }),
  ).toThrow()
  expect(readFileSync(join(cwd, 'mine.c'), 'utf8')).toBe(SOURCE)
  expect(readFileSync(join(cwd, 'Dockerfile'), 'utf8')).toMatch(/^FROM scratch$/m)
  expect(readFileSync(join(cwd, '.dockerignore'), 'utf8')).toBe('*\n!mine\n')
})

test('the Dockerfile brings the source along, line by line', () => {
  const text = script('dockerfile', ...MINE)
  expect(text).not.toContain('COPY mine.c')
  const run = /^RUN (printf [^]*?) > mine\.c$/m.exec(text)?.[1] ?? ''
  expect(execFileSync('sh', ['-c', run], { encoding: 'utf8' })).toBe(SOURCE)
})

test('what goes in besides the program comes from a builder, as there is no folder with it', () => {
  for (const kind of ['sh', 'powershell'] as const) {
    const text = script(kind, ...MINE, '--with', 'user,tmp')
    expect(text).toMatch(/^FROM ubuntu:20\.04 AS builder$/m)
    expect(text).not.toMatch(/docker cp|chmod 1777|What is in files/)
  }
  expect(script('sh', '--program', 'raw')).toContain('# Put hello, a static Linux program')
})

test('the PowerShell script has the source in it', () => {
  expect(script('powershell', ...MINE)).toContain(`Write-Text mine.c @'\n${SOURCE.trimEnd()}\n'@\n`)
})
