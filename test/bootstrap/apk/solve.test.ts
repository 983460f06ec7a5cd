import { expect, test } from 'vitest'
import { catalogueOf } from '../../../src/bootstrap/apk/catalogue.ts'
import { parseDependencies } from '../../../src/bootstrap/apk/dependency.ts'
import { packagesIn } from '../../../src/bootstrap/apk/records.ts'
import { inOrder, solve } from '../../../src/bootstrap/apk/solve.ts'
import { fullName } from '../../../src/bootstrap/apk/types.ts'
import { madePackage } from './repository.ts'
import type { TestPackage } from './repository.ts'

const solved = (world: string, packages: readonly TestPackage[]): string => {
  const text = packages.map(each => madePackage(each, null).record).join('\n')
  const wanted = parseDependencies(world)
  const chosen = solve(
    wanted,
    catalogueOf([{ name: 'main', signedBy: '', packages: packagesIn(text, 0) }]),
  )
  return inOrder(wanted, chosen).map(fullName).join(' ')
}

test('the highest version is taken, what it needs comes first', () => {
  const result = solved('app', [
    { name: 'app', version: '1.9-r0', depends: 'so:libz.so.1' },
    { name: 'app', version: '1.10-r0', depends: 'so:libz.so.1 musl' },
    { name: 'zlib', provides: 'so:libz.so.1=1.3.1' },
    { name: 'musl', version: '1.2.5-r0' },
  ])
  expect(result).toBe('zlib-1.0-r0 musl-1.2.5-r0 app-1.10-r0')
})

test('of a virtual name’s providers the priority decides, unless one is asked for', () => {
  const shells: TestPackage[] = [
    { name: 'app', depends: '/bin/sh' },
    { name: 'busybox-binsh', provides: '/bin/sh', priority: 100 },
    { name: 'dash-binsh', provides: '/bin/sh', priority: 60 },
  ]
  expect(solved('app', shells)).toBe('busybox-binsh-1.0-r0 app-1.0-r0')
  expect(solved('app dash-binsh', shells)).toBe('dash-binsh-1.0-r0 app-1.0-r0')
})

test('a virtual name without a priority chooses nobody', () => {
  const packages: TestPackage[] = [
    { name: 'app', depends: 'mta' },
    { name: 'postfix', provides: 'mta' },
    { name: 'exim', provides: 'mta' },
  ]
  expect(() => solved('app', packages)).toThrow(
    'app-1.0-r0 needs mta, and none of its providers can be taken: postfix-1.0-r0, exim-1.0-r0.',
  )
  expect(solved('app exim', packages)).toBe('exim-1.0-r0 app-1.0-r0')
})

test('an older version is taken when a limit or a conflict asks for it', () => {
  const packages: TestPackage[] = [
    { name: 'lib', version: '2.0-r0' },
    { name: 'lib', version: '1.0-r0' },
    { name: 'old', depends: 'lib<2' },
    { name: 'hates', depends: '!lib>=2' },
  ]
  expect(solved('lib', packages)).toBe('lib-2.0-r0')
  expect(solved('lib old', packages)).toBe('lib-1.0-r0 old-1.0-r0')
  expect(solved('hates lib', packages)).toBe('hates-1.0-r0 lib-1.0-r0')
})

test('a choice that leads nowhere is taken back', () => {
  const result = solved('app', [
    { name: 'app', depends: 'engine' },
    { name: 'engine', version: '2.0-r0', depends: 'nowhere' },
    { name: 'engine', version: '1.0-r0', depends: 'part' },
    { name: 'part' },
  ])
  expect(result).toBe('part-1.0-r0 engine-1.0-r0 app-1.0-r0')
})

test('two packages that give the same name in a version do not go together', () => {
  expect(() =>
    solved('one two', [
      { name: 'one', provides: 'cmd:x=1' },
      { name: 'two', provides: 'cmd:x=2' },
    ]),
  ).toThrow('This image needs')
})

test('what comes by itself comes once all that it names is there, and not against a conflict', () => {
  const packages: TestPackage[] = [
    { name: 'busybox', version: '1.36-r0' },
    { name: 'libssl3' },
    { name: 'ssl_client', installIf: 'busybox=1.36-r0 libssl3', depends: 'extra' },
    { name: 'extra' },
    { name: 'no-client', depends: '!ssl_client' },
  ]
  expect(solved('busybox', packages)).toBe('busybox-1.36-r0')
  expect(solved('busybox libssl3', packages)).toBe(
    'busybox-1.36-r0 libssl3-1.0-r0 extra-1.0-r0 ssl_client-1.0-r0',
  )
  expect(solved('busybox libssl3 no-client', packages)).not.toContain('ssl_client')
})

test('packages that need each other are both installed', () => {
  const packages: TestPackage[] = [
    { name: 'a', depends: 'b' },
    { name: 'b', depends: 'a' },
  ]
  expect(solved('a', packages)).toBe('b-1.0-r0 a-1.0-r0')
})

test('a name that is nowhere is named with the nearest, a missing dependency with who asks for it', () => {
  expect(() => solved('bahs', [{ name: 'bash' }])).toThrow('is called bahs')
  try {
    solved('bahs', [{ name: 'bash' }])
  } catch (error) {
    expect(error).toMatchObject({
      code: 'include-unknown',
      todo: [expect.stringContaining('bash')],
    })
  }
  expect(() => solved('a', [{ name: 'a', depends: 'b>=2' }, { name: 'b' }])).toThrow(
    'a-1.0-r0 needs b>=2, and none of its providers can be taken: b-1.0-r0.',
  )
  expect(() => solved('a', [{ name: 'a', depends: 'so:libgone.so.1' }])).toThrow(
    'a-1.0-r0 needs so:libgone.so.1, and no package of this repository provides it.',
  )
})

test('a thousand packages in a row are solved without deep trouble', () => {
  const chain = Array.from({ length: 1000 }, (_, at): TestPackage => ({
    name: `p${at}`,
    ...(at < 999 && { depends: `p${at + 1}` }),
  }))
  expect(solved('p0', chain).split(' ')).toHaveLength(1000)
})
