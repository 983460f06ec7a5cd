import { expect, test } from 'vitest'
import { reviewLines } from '../../src/plan/review.ts'
import type { Plan } from '../../src/plan/types.ts'

const plan = (
  journey: Plan['journey'],
  ids: readonly string[],
  answers: Plan['answers'] = {},
): Plan =>
  ({
    journey,
    headline: 'what it is',
    notices: ['a notice'],
    directory: '/there',
    answers,
    image: {},
    steps: ids.map(id => ({ id, title: `do ${id}` })),
  }) as unknown as Plan

test('the review has the headline, the notices, the steps, and what to expect', () => {
  expect(reviewLines(plan('minimal', ['compile', 'build']))).toEqual([
    'what it is',
    'a notice',
    '2 steps in /there: do compile · do build',
    'Nothing is downloaded; it takes a second or two.',
  ])
})

const expectation = (...given: Parameters<typeof plan>): string =>
  reviewLines(plan(...given)).at(-1)!

test.each([
  [['builder', 'compiler'], '101 MB and takes about 15 s'],
  [['builder'], '65.3 MB and takes about 10 s'],
])('a minimal image with %j downloads up to %s', (ids, words) => {
  expect(expectation('minimal', ids)).toContain(`up to ${words}`)
})

test.each([
  ['debian', '41.0 MB', '37.0 MB'],
  ['ubuntu', '29.0 MB', '65.6 MB'],
])(
  'a full image of %s downloads its packages each time, and a builder once',
  (distro, each, once) => {
    const answers = { distro, variant: 'minbase' }
    const packages = `It downloads about ${each} of packages and takes about 35 s plus the download.`
    expect(expectation('full', ['builder', 'bootstrap'], answers)).toBe(
      `${packages} The first time, the builder is up to ${once} more.`,
    )
    expect(expectation('full', ['bootstrap'], answers)).toBe(packages)
  },
)

test.each([[{ variant: 'standard' }], [{ variant: 'minbase', include: 'curl' }]])(
  'more packages than the least are told as more: %j',
  answers => {
    expect(expectation('full', ['bootstrap'], { distro: 'debian', ...answers })).toBe(
      'It downloads more than 41.0 MB of packages and takes more than 35 s plus the download.',
    )
  },
)

test('each further architecture is a cross compiler more to download', () => {
  const one = plan('minimal', ['builder', 'compiler'])
  const three = { ...one, image: { ...one.image, archs: ['amd64', 'arm64', 'arm'] } }
  expect(reviewLines(three).at(-1)).toContain('up to 139 MB')
})
