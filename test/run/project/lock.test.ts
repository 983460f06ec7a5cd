import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newRunId, runsHere } from '../../../src/run/process/run-id.ts'
import {
  checkUnlocked,
  dropLock,
  isUnlocked,
  takeLock,
  tryLock,
} from '../../../src/run/project/lock.ts'
import { room } from '../../oci/room.ts'

const [machine] = newRunId().split('-')
const LIVING = `${machine}-${process.ppid}-00000001`
const DEAD = `${machine}-4194305-00000002`
const MINE = `${machine}-${process.pid}-00000003`
const BESIDE = `${machine}-${process.pid}-00000004`

/** A project folder whose lock says this; null for none. */
const held = async (holder: string | null) => {
  const directory = await room()
  mkdirSync(join(directory, '.create-base-image'))
  const path = join(directory, '.create-base-image/lock')
  if (holder !== null) writeFileSync(path, holder)
  const names = (): string[] => readdirSync(join(directory, '.create-base-image'))
  return { directory, path, names, text: () => readFileSync(path, 'utf8') }
}

test('a lock that is free, a dead run’s, another machine’s or nobody’s is taken, and nothing is left beside it', async () => {
  for (const holder of [null, DEAD, '', 'nonsense', '00000000-1-00000005', BESIDE]) {
    const { path, names, text } = await held(holder)
    expect(tryLock(path, MINE), String(holder)).toBeNull()
    expect([names(), text()]).toEqual([['lock'], MINE])
  }
})

test('a lock that a living run has is left to it', async () => {
  runsHere(BESIDE, true)
  onTestFinished(() => runsHere(BESIDE, false))
  for (const holder of [LIVING, BESIDE]) {
    const { directory, path, names, text } = await held(holder)
    expect(tryLock(path, MINE)).toBe(holder)
    expect([names(), text()]).toEqual([['lock'], holder])
    expect(isUnlocked(directory)).toBe(false)
    const told = `Another run of create-base-image works in ${directory} (process ${holder.split('-')[1]}).`
    const todo = ['Wait until it has ended, or name another folder.']
    expect(() => checkUnlocked(directory)).toThrow(told)
    expect(() => takeLock(directory, MINE)).toThrow(
      expect.objectContaining({ message: told, code: 'locked', todo }) as Error,
    )
  }
})

test('a folder without a living run is unlocked', async () => {
  for (const holder of [null, DEAD, MINE]) {
    const { directory } = await held(holder)
    expect(isUnlocked(directory)).toBe(true)
    checkUnlocked(directory)
    takeLock(directory, MINE)
  }
})

test('a run drops its own lock and no other', async () => {
  for (const [holder, left] of [
    [MINE, []],
    [LIVING, ['lock']],
    [null, []],
  ] as const) {
    const { path, names } = await held(holder)
    dropLock(path, MINE)
    expect(names()).toEqual(left)
  }
})

test('a lock that can not be written is told by the file system', async () => {
  const { directory } = await held(null)
  expect(() => tryLock(join(directory, 'nowhere/lock'), MINE)).toThrow('ENOENT')
})
