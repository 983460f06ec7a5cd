import { createHash } from 'node:crypto'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.doUnmock('node:fs')
  vi.doUnmock('node:os')
  vi.resetModules()
})

const CARD = '20:16:3e:aa:bb:cc'

const cards = {
  lo: [{ internal: true, mac: '00:00:00:00:00:00' }],
  // A container's side of a bridge comes and goes.
  docker0: [{ internal: false, mac: '02:42:00:00:00:01' }],
  eth1: [{ internal: false, mac: '21:17:3e:aa:bb:cc' }],
  eth0: [
    { internal: false, mac: CARD },
    { internal: false, mac: CARD },
  ],
  gone: undefined,
}

/** The part of a run's ID that names a machine with these. */
const machineOf = async (machineId: string | null, networkInterfaces: object): Promise<string> => {
  vi.resetModules()
  vi.doMock('node:fs', async load => ({
    ...(await load<typeof import('node:fs')>()),
    readFileSync: (path: string) => {
      expect(path).toBe('/etc/machine-id')
      if (machineId === null) throw new Error('ENOENT')
      return machineId
    },
  }))
  vi.doMock('node:os', () => ({
    hostname: () => 'localhost',
    networkInterfaces: () => networkInterfaces,
  }))
  const { newRunId, runState } = await import('../../../src/run/process/run-id.ts')
  const id = newRunId()
  expect(runState(id)).toBe('alive')
  return id.split('-')[0]!
}

const named = (identity: string): string =>
  createHash('sha256').update(`localhost\n${identity}`).digest('hex').slice(0, 8)

test('a machine is told by the number of its installation', async () => {
  expect(await machineOf('0123abcd\n', cards)).toBe(named('0123abcd'))
})

test('without one it is told by its lowest network card that a maker has named', async () => {
  for (const none of [null, '', '\n']) expect(await machineOf(none, cards)).toBe(named(CARD))
  expect(await machineOf(null, { lo: cards.lo, docker0: cards.docker0 })).toBe(named(''))
})
