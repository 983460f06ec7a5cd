import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rawProgram } from '../../../src/elf/raw.ts'
import { MADE } from '../../../src/plan/names.ts'
import { craftContext } from './craft-context.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import { madeWithOf } from '../../../src/run/linker-notes.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sboms-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What the builder's dpkg-query prints behind a compiler's own words. */
const LINES = [
  "hello.c:3: warning: unused variable 'gcc-9'",
  'gcc-12\t12.2.0-14+deb12u1',
  'gcc-12-base:amd64\t12.2.0-14+deb12u1',
  'libc6-dev:amd64\t2.36-9+deb12u13',
]

const inspect = async (more: Record<string, unknown>, madeWith: readonly string[]) => {
  await crafts['inspect-program'](
    { file: 'hello', arch: 'amd64', archs: [], ...more },
    craftContext(folder, { madeWith }),
  )
  return JSON.parse(readFileSync(join(folder, MADE, 'sbom.cdx.json'), 'utf8')) as {
    components: { name: string; version?: string; purl?: string; hashes?: object[] }[]
  }
}

test('a program that holds gets its SBOMs, of what the builder told', async () => {
  const program = rawProgram('Hello', 'amd64')
  writeFileSync(join(folder, 'hello'), program)
  const { components } = await inspect({ builder: 'debian:bookworm-slim' }, madeWithOf(LINES))
  expect(components.map(({ name, version }) => [name, version])).toEqual([
    ['hello', undefined],
    ['gcc-12', '12.2.0-14+deb12u1'],
    ['libc6-dev', '2.36-9+deb12u13'],
  ])
  const content = createHash('sha256').update(program).digest('hex')
  expect(components[0]?.hashes).toEqual([{ alg: 'SHA-256', content }])
  expect(components[2]?.purl).toBe('pkg:deb/debian/libc6-dev@2.36-9%2Bdeb12u13')
  // A builder of one's own may be of anybody.
  const other = await inspect({ builder: 'mine/debian:1' }, madeWithOf(LINES))
  expect(other.components[2]?.purl).toBeUndefined()
  expect((await inspect({}, [])).components).toHaveLength(1)
})

test('where several compilers are, nothing is claimed', () => {
  expect(madeWithOf([...LINES, 'gcc-13\t13.1.0-1'])).toEqual([])
})

test('one that is refused gets none', async () => {
  writeFileSync(join(folder, 'hello'), '#!/bin/sh\n')
  await expect(inspect({}, [])).rejects.toThrow()
  expect(existsSync(join(folder, MADE))).toBe(false)
})

test('only the builders of the distributions themselves are theirs', async () => {
  writeFileSync(join(folder, 'hello'), rawProgram('Hello', 'amd64'))
  const vendor = async (builder: string) => {
    const { components } = await inspect({ builder }, madeWithOf(LINES))
    return /^pkg:deb\/(\w+)\//.exec(components[2]?.purl ?? '')?.[1] ?? null
  }
  for (const [builder, of] of [
    ['debian', 'debian'],
    ['debian@sha256:a', 'debian'],
    ['ubuntu:20.04', 'ubuntu'],
    ['docker.io/debian:12', 'debian'],
    ['docker.io/library/ubuntu', 'ubuntu'],
    ['debian-like:12', null],
    ['x.example/debian:12', null],
    ['docker.io/mine/debian:12', null],
  ] as const)
    expect(await vendor(builder), builder).toBe(of)
})
