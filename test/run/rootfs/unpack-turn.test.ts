import { expect, test } from 'vitest'
import { inTurn, unpackTurn } from '../../../src/run/rootfs/unpack-turn.ts'

const never = new AbortController().signal

const soon = () => new Promise(resolve => setImmediate(resolve))

test('one is at it at a time, in the order in which they came', async () => {
  const said: string[] = []
  const first = await unpackTurn(never)
  const others = ['second', 'third'].map(async name => {
    const release = await unpackTurn(never)
    said.push(name)
    await soon()
    said.push(`${name} ends`)
    release()
  })
  await soon()
  expect(said).toEqual([])
  first()
  await Promise.all(others)
  expect(said).toEqual(['second', 'second ends', 'third', 'third ends'])
})

test('who is stopped while waiting stands in nobody’s way', async () => {
  const first = await unpackTurn(never)
  const stop = new AbortController()
  const waiting = unpackTurn(stop.signal)
  stop.abort(new Error('stopped'))
  await expect(waiting).rejects.toThrow('stopped')
  await expect(unpackTurn(stop.signal)).rejects.toThrow('stopped')
  first()
  const next = await unpackTurn(never)
  next()
})

test('a tree that is read to its end, or given up, lets the next one begin', async () => {
  const tree = async function* () {
    yield Buffer.from('a')
    yield Buffer.from('b')
  }
  for await (const piece of inTurn(tree(), never)) {
    expect(String(piece)).toBe('a')
    break
  }
  const pieces: string[] = []
  for await (const piece of inTurn(tree(), never)) pieces.push(String(piece))
  expect(pieces).toEqual(['a', 'b'])
  const next = await unpackTurn(never)
  next()
})
