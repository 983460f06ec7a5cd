import { expect, test } from 'vitest'
import { linkerNotes, warnedOf } from '../../src/run/linker-notes.ts'
import { minimalPlan } from '../../src/plan/minimal/plan.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { facts, given, noEngine } from '../plan/minimal/inputs.ts'

const LINES = [
  "/usr/bin/ld: /tmp/x.o: in function `main':",
  "x.c:(.text+0x27): warning: Using 'getaddrinfo' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking",
  "x.c:(.text+0x60): warning: Using 'getpwnam' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking",
  "x.c:(.text+0x90): warning: Using 'getpwnam' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking",
]
const context = { plan: minimalPlan(given(), facts()), facts: facts() }

test('what a linker warns of is told once each, with the way out', () => {
  const names = warnedOf(LINES)
  expect(names).toEqual(['getaddrinfo', 'getpwnam'])
  expect(linkerNotes(names, context).join('\n')).toMatch(
    /getaddrinfo, getpwnam look for shared libraries[^]*npx create-base-image --yes --libc musl --force$/,
  )
  expect(linkerNotes([], context)).toEqual([])
})

test('musl is no way out for a program that loads others', () => {
  expect(linkerNotes(['dlopen'], context).join('\n')).not.toContain('musl')
})

test('musl is advised only where it can be had', () => {
  const noted = (argv: string[], change: Partial<Facts>): string => {
    const on = facts(change)
    return linkerNotes(['getaddrinfo'], { plan: minimalPlan(given(...argv), on), facts: on }).at(
      -1,
    )!
  }
  const cc = { compiler: { cc: 'cc', muslGcc: null } }
  expect(noted(['--arch', 'amd64,arm64', '--compile-in', 'container'], {})).toContain(
    'an engine or musl-gcc',
  )
  expect(noted(['--engine', 'none'], { ...cc, ...noEngine })).toContain('an engine or musl-gcc')
  expect(noted(['--compile-in', 'host'], cc)).toContain('--compile-in container --libc musl')
})
