import { expect, test } from 'vitest'
import {
  firstNames,
  isPackageName,
  parseDependencies,
  parseProvides,
  printDependency,
  satisfies,
} from '../../../src/bootstrap/deb/dependencies.ts'

test('parts, alternatives, versions and architectures', () => {
  const parsed = parseDependencies('libc6:any (>= 2.36), debconf (>=0.5) | debconf-2.0, foo(<1)')
  expect(parsed.map(part => part.map(printDependency).join(' | '))).toEqual([
    'libc6 (>= 2.36)',
    'debconf (>= 0.5) | debconf-2.0',
    'foo (<= 1)',
  ])
  expect(parsed[0]![0]!.qualifier).toBe('any')
})

test('what is in no known form is left out', () => {
  expect(parseDependencies('')).toEqual([])
  expect(parseDependencies(' , |, $(reboot), ok')).toEqual([
    [{ name: 'ok', qualifier: null, relation: null, version: null }],
  ])
})

test('debootstrap reads names of first alternatives alone', () => {
  expect(firstNames('a (>= 1) | b, c:any, d|e, ,f')).toEqual(['a', 'c', 'd', 'f'])
  expect(firstNames('')).toEqual([])
})

test('a name that is provided without a version satisfies no relation', () => {
  const [offer, versioned] = parseProvides('awk, mta (= 2.0)')
  expect(offer).toEqual({ name: 'awk', version: null })
  expect(satisfies(offer!, { name: 'awk', relation: null, version: null })).toBe(true)
  expect(satisfies(offer!, { name: 'awk', relation: '>=', version: '1' })).toBe(false)
  expect(satisfies(versioned!, { name: 'mta', relation: '>=', version: '1' })).toBe(true)
  expect(satisfies(versioned!, { name: 'mta', relation: '<<', version: '2' })).toBe(false)
  expect(satisfies(versioned!, { name: 'other', relation: null, version: null })).toBe(false)
})

test.each(['bash', 'libstdc++6', 'g++-12', 'zlib1g', '0ad'])('%s is a package name', name =>
  expect(isPackageName(name)).toBe(true),
)

test.each(['', 'a', 'Bash', '-x', '../x', 'a b', 'a;b', `a${'b'.repeat(200)}`])(
  '%j is none',
  name => expect(isPackageName(name)).toBe(false),
)
