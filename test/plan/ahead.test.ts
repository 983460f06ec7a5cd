import { expect, test } from 'vitest'
import { parseFlags } from '../../src/ask/flags.ts'
import { givenBy } from '../../src/ask/given.ts'
import { readAsset } from '../../src/assets.ts'
import type { Facts } from '../../src/engine/facts.ts'
import { aheadOf } from '../../src/plan/ahead.ts'
import { planFor } from '../../src/plan/plan.ts'
import { FACTS } from '../ask/wizard/scripted.ts'

const ahead = (words: string, question: string | null = null, facts: Partial<Facts> = {}) =>
  aheadOf(
    planFor(givenBy(parseFlags(words.split(' ')), '/there'), { ...FACTS, ...facts }),
    readAsset,
    question,
  )

const HOST = { compiler: { cc: 'cc', muslGcc: 'musl-gcc' } }

test('a minimal image leads to its Dockerfile, the commands, the size and the time', () => {
  expect(ahead('--kind minimal --libc glibc', null, HOST)).toEqual({
    made: [
      'FROM scratch',
      'ADD hello /',
      'CMD ["/hello"]',
      '$ cc -static -pthread -o hello hello.c -lm -lrt -ldl',
      '$ docker build --tag hello .',
      '$ docker run --rm hello',
    ],
    costs: ['The image takes about 760 kB.', 'Nothing is downloaded; it takes a second or two.'],
  })
})

test.each([
  ['--kind minimal --libc musl', 'The image takes about 10 kB.'],
  ['--kind minimal --program raw', 'The image takes about 300 bytes.'],
  ['--kind minimal --libc musl --with ca-certificates', 'The image takes about 236 kB.'],
  ['--kind full --distro debian', 'The image takes about 116 MB.'],
  ['--kind full --distro debian --slim', 'The image takes about 74 MB.'],
  ['--kind full --distro debian --slim --include curl', 'The image takes more than 74 MB.'],
  ['--kind full --distro alpine', 'The image takes about 7.8 MB.'],
])('%s: %s', (words, size) => {
  expect(ahead(words, null, HOST).costs[0]).toBe(size)
})

test('the distribution is asked with when the official image is better, and nothing else is', () => {
  const words = '--kind full --distro debian'
  expect(ahead(words, 'distro').costs.at(-1)).toMatch(/^Take the official debian/)
  expect(ahead(words, 'release').costs.join()).not.toContain('official')
})

test('a size that nobody measured is not guessed', () => {
  expect(ahead('--kind full --distro ubuntu').costs.join()).not.toMatch(/image takes/)
  expect(ahead('--kind full --distro debian --variant standard').costs.join()).not.toMatch(
    /image takes/,
  )
})

test('the extras, the compiler and the release are seen in it', () => {
  expect(ahead('--kind minimal --with user', null, HOST).made).toContain('USER 65532:65532')
  const inContainer = ahead('--kind minimal --compile-in container')
  expect(inContainer.made.join('\n')).toMatch(/\$ docker pull ubuntu:20\.04\n/)
  expect(inContainer.costs.join(' ')).toContain('101 MB')
  expect(ahead('--kind full --release noble').made.join('\n')).toMatch(/noble/)
})

test('a name is seen first where it is used, and a folder by what it gets', () => {
  const { made, command } = ahead('--kind minimal --tag mine', 'tag', HOST)
  expect(command).toBe('$ docker run --rm mine')
  expect(made.at(-1)).toBe(command)
  expect(ahead('--kind minimal place', 'directory', HOST).costs).toEqual([
    expect.stringMatching(/^\/there\/place gets Dockerfile, .*build\.sh/),
  ])
})
