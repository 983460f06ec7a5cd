import { expect, test } from 'vitest'
import { stageKey } from '../../../src/bootstrap/stage/stage-key.ts'
import type { PackageRecord } from '../../../src/bootstrap/types.ts'

test('the key depends on all that decides the bytes, and on no more', () => {
  const record = { sha256: 'b'.repeat(64), priority: 'required', section: 'base' } as PackageRecord
  const file = { path: 'x', mode: 0o644, bytes: Buffer.from('x') }
  const one = { packages: [record], files: [file], isMerged: true, epoch: 5 }
  const others = [
    { ...one, epoch: 6 },
    { ...one, isMerged: false },
    { ...one, packages: [{ ...record, sha256: 'c'.repeat(64) }] },
    { ...one, packages: [{ ...record, priority: 'optional' }] },
    { ...one, packages: [] },
    { ...one, files: [{ ...file, mode: 0o755 }] },
    { ...one, files: [{ ...file, bytes: Buffer.from('y') }] },
  ]
  expect(new Set([one, ...others].map(stageKey)).size).toBe(others.length + 1)
  expect(stageKey({ ...one, packages: [{ ...record, url: 'http://another/mirror' }] })).toBe(
    stageKey(one),
  )
})
