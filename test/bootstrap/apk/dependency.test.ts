import { expect, test } from 'vitest'
import {
  fits,
  parseDependencies,
  parseDependency,
  parseProvisions,
} from '../../../src/bootstrap/apk/dependency.ts'

test.each([
  ['a', '1', true],
  ['a', null, true],
  ['a=1.2-r0', '1.2-r0', true],
  ['a=1.2-r0', '1.2-r1', false],
  ['a>=1.2', '1.3', true],
  ['a>=1.2', '1.1', false],
  ['a>1.2', '1.2', false],
  ['a<1.2', '1.1.9', true],
  ['a<=1.2', '1.2', true],
  ['a~1.2', '1.2.9-r3', true],
  ['a~1.2', '1.3', false],
  ['a=~1.2', '1.2.9-r3', true],
  ['a>=1', null, false],
  ['!a', '1', false],
  ['!a<2', '1', false],
  ['!a<2', '2', true],
  ['!a<2', null, true],
])('%s with version %s: %s', (text, version, result) => {
  expect(fits(parseDependency(text), { name: 'a', version })).toBe(result)
})

test('a line is read word by word, a repository’s tag left out', () => {
  expect(
    parseDependencies(' so:libz.so.1  /bin/sh\tnginx@edge>=1.26 !bad').map(each => each.name),
  ).toEqual(['so:libz.so.1', '/bin/sh', 'nginx', 'bad'])
  expect(parseDependency('a=~1.2').text).toBe('a~1.2')
})

test('names are provided with and without a version', () => {
  expect(parseProvisions('so:libz.so.1=1.3.1 /bin/sh')).toEqual([
    { name: 'so:libz.so.1', version: '1.3.1' },
    { name: '/bin/sh', version: null },
  ])
})

test.each(['=1', 'a>=', 'a>=x', '!', 'a><Q1abc'])('"%s" is not a dependency', text => {
  expect(() => parseDependency(text)).toThrow('is not a dependency')
})
