import { expect, test } from 'vitest'
import { isMerged } from '../../../src/bootstrap/deb/merged.ts'

test.each([
  ['debian', 'bookworm', 'minbase', true],
  ['debian', 'bookworm', 'buildd', false],
  ['debian', 'trixie', 'buildd', true],
  ['debian', 'stretch', 'minbase', false],
  ['ubuntu', 'focal', 'minbase', true],
  ['ubuntu', 'bionic', 'minbase', false],
  ['ubuntu', 'hirsute', 'buildd', false],
] as const)('%s %s %s is merged: %s', (distribution, codename, variant, merged) =>
  expect(isMerged({ distribution, codename, variant })).toBe(merged),
)
