import { expect, test } from 'vitest'
import { linkerNotes, madeWithOf, warnedOf } from '../../src/run/linker-notes.ts'
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

test('packages are those that dpkg lists, and no words that only hold the like', () => {
  const listed = [
    'gcc-12\t12.2.0-14',
    'libgcc-12-dev:amd64\t12.2.0-14',
    'libc6-dev:amd64\t2.36-9',
    'musl-dev:amd64\t1.2.3-1',
  ]
  const others = [
    'x gcc-12\t12.2.0-14',
    'gcc-12-base:amd64\t12.2.0-14',
    'libgcc-12-base\t12',
    'gcc-12\t12.2.0-14 x',
    'gcc-12 12.2.0-14',
    'g++-12\t12.2.0-14',
    'gcc-\t1',
  ]
  expect(madeWithOf([...listed, ...others])).toEqual(listed)
  // Which of two compilers it was nobody knows.
  expect(madeWithOf(['gcc-12\t12', 'gcc-13\t13', 'musl-dev\t1'])).toEqual([])
  expect(madeWithOf(['gcc-12\t12', 'gcc-12-multilib\t12'])).toHaveLength(2)
})
