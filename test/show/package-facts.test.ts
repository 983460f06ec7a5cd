import { expect, test } from 'vitest'
import type { Outcome } from '../../src/run/events.ts'
import { packageFacts } from '../../src/show/package-facts.ts'

const rows = (outcome: Pick<Outcome, 'packages' | 'same' | 'changes'>): string[] =>
  packageFacts(outcome as Outcome).map(row => row.join(' ').trim())

const packages = { total: 88, newer: 10, date: '2026-11-27', missing: [] }

test('how many packages, how many are newer, as of when, and what was not to be had', () => {
  expect(rows({ packages: { ...packages, missing: ['bookworm-updates'] } })).toEqual([
    "Packages 88, 10 of them newer than the release's own, as of 2026-11-27",
    'the mirror has no bookworm-updates',
  ])
  expect(
    rows({ packages: { ...packages, newer: 0, unasked: 'It refused the connection.' } }),
  ).toEqual([
    'Packages 88, as of 2026-11-27',
    'Nothing newer was looked for. It refused the connection.',
  ])
  expect(rows({})).toEqual([])
})

test('what has changed since the image before, a dozen of it', () => {
  const changes = {
    newer: [{ name: 'libc6', from: '2.36-9', to: '2.36-10' }],
    older: [{ name: 'bash', from: '5.3', to: '5.2' }],
    added: [{ name: 'curl', version: '8' }],
    removed: [{ name: 'wget', version: '1' }],
  }
  expect(rows({ changes })).toEqual([
    'Changed libc6 2.36-9 -> 2.36-10',
    'bash 5.3 -> 5.2 (older)',
    'curl 8 (added)',
    'wget 1 (removed)',
  ])
  const added = Array.from({ length: 20 }, (_, n) => ({ name: `p${n}`, version: '1' }))
  const many = rows({ changes: { ...changes, added } })
  expect(many).toHaveLength(13)
  expect(many.at(-1)).toBe('and 11 more')
})
