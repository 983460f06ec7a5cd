import { expect, test, vi } from 'vitest'

const { flags } = vi.hoisted(() => ({ flags: [] as string[] }))
vi.mock('node:v8', () => ({ setFlagsFromString: (flag: string) => void flags.push(flag) }))

const { keepYoungHeapSmall } = await import('../../../src/run/process/memory.ts')

test('the room for young objects is kept as it is by the flag that V8 has for it', () => {
  keepYoungHeapSmall()
  expect(flags).toEqual(['--semi-space-growth-factor=1'])
})
