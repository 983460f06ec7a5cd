import { expect, test } from 'vitest'
import { BootstrapError } from '../../src/bootstrap/errors.ts'
import type { BootstrapCode } from '../../src/bootstrap/errors.ts'
import { plainOf } from '../../src/commands/root-failure.ts'
import { MachineError } from '../../src/errors.ts'
import type { RunContext } from '../../src/run/context.ts'
import { remedyFor } from '../../src/run/remedy-for.ts'
import type { Step } from '../../src/plan/types.ts'

const step = { pipeline: [] } as unknown as Step
const context = { facts: { engine: null }, remedy: () => null } as unknown as RunContext
const lacks = (code: string): boolean | undefined =>
  remedyFor(step, context, { exitCode: null, message: 'It failed.', lastLines: [], todo: [], code })
    ?.lacks

test.each<readonly [BootstrapCode, boolean]>([
  ['unreachable', true],
  ['stalled', true],
  ['proxy-refused', true],
  ['disk-full', true],
  ['offline-lacks', true],
  ['not-found', false],
  ['signature-wrong', false],
  ['include-unknown', false],
])('%s is for want of something on the machine: %s, in a run and in rootfs alike', (code, is) => {
  expect(lacks(code)).toBe(is)
  expect(plainOf(new BootstrapError(code, 'It failed.')) instanceof MachineError).toBe(is)
})
