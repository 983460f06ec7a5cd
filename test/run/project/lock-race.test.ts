import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newRunId } from '../../../src/run/process/run-id.ts'
import { takeLock, tryLock } from '../../../src/run/project/lock.ts'

const { before } = vi.hoisted(() => ({ before: [] as ((path: string) => void)[] }))

// Two runs at the same moment: what the other one does comes just before a rename of ours.
vi.mock('node:fs', async load => {
  const actual = await load<typeof import('node:fs')>()
  const renameSync: typeof actual.renameSync = (from, to) => {
    before.shift()?.(String(from))
    actual.renameSync(from, to)
  }
  return { ...actual, renameSync }
})

const [machine] = newRunId().split('-')
const DEAD = `${machine}-4194305-00000001`
const LIVING = `${machine}-${process.ppid}-00000002`
const MINE = `${machine}-${process.pid}-00000003`

/** What comes of taking a dead run's lock over while another run does this; with what is left in the folder. */
const raced = (...others: ((path: string) => void)[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-race-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'lock')
  writeFileSync(path, DEAD)
  before.splice(0, before.length, ...others)
  const holder = tryLock(path, MINE)
  const left = readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')])
  return { holder, left }
}

test('a lock that another run took over a moment before is given back to it', () => {
  expect(raced(path => writeFileSync(path, LIVING))).toEqual({
    holder: LIVING,
    left: [['lock', LIVING]],
  })
})

test('where the other one has it and has gone already, this one gets it', () => {
  expect(raced(path => rmSync(path))).toEqual({ holder: null, left: [['lock', MINE]] })
})

test('what another run has put there while this one gave it back stays the one that counts', () => {
  const { holder } = raced(
    path => writeFileSync(path, LIVING),
    aside => rmSync(aside),
  )
  expect(holder).toBe('')
})

test('an error of the file system is told, and no lock is made up', () => {
  const fails = (): never => {
    throw Object.assign(new Error('EROFS'), { code: 'EROFS' })
  }
  expect(() => raced(fails)).toThrow('EROFS')
  expect(() => raced(path => writeFileSync(path, LIVING), fails)).toThrow('EROFS')
})

test('where nobody can tell any more who has it, that is said', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-race-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, '.create-base-image'))
  writeFileSync(join(folder, '.create-base-image/lock'), DEAD)
  before.splice(
    0,
    before.length,
    path => writeFileSync(path, LIVING),
    aside => rmSync(aside),
  )
  expect(() => takeLock(folder, MINE)).toThrow(
    `Another run of create-base-image works in ${folder} (process unknown).`,
  )
})
