import { expect, test } from 'vitest'
import { stopSignals } from '../../src/app/signals.ts'

const stopping = () => {
  const left: number[] = []
  const stop = stopSignals(code => left.push(code))
  stop.release()
  return { stop, left }
}

test('the first signal stops, the second leaves at once with its exit code', () => {
  const { stop, left } = stopping()
  stop.stop('SIGINT')
  expect(stop.signal.reason).toBe('SIGINT')
  expect(left).toEqual([])
  stop.stop('SIGTERM')
  expect(left).toEqual([143])
})

test('a window that closes and sends several does not ask twice', () => {
  const { stop, left } = stopping()
  stop.stop('SIGHUP')
  stop.stop('SIGHUP')
  expect(stop.signal.reason).toBe('SIGHUP')
  expect(left).toEqual([])
})
