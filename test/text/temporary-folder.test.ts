import { EventEmitter, once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inTemporaryFolder } from '../../src/text/temporary-folder.ts'

const listeners = () =>
  (['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(name => process.listenerCount(name))

/** Works in a folder until `done` is called, and says where. */
const working = async () => {
  const ends = new EventEmitter()
  const began = once(ends, 'began')
  const worked = inTemporaryFolder('create-base-image-test-', async folder => {
    writeFileSync(join(folder, 'file'), 'x')
    ends.emit('began', folder)
    await once(ends, 'done')
    return 'worked'
  })
  const [folder] = (await began) as [string]
  return { folder, done: () => ends.emit('done'), worked }
}

test('the folder is there for the work, and gone with it, also when that fails', async () => {
  const before = listeners()
  const { folder, done, worked } = await working()
  expect(existsSync(join(folder, 'file'))).toBe(true)
  done()
  expect(await worked).toBe('worked')
  expect(existsSync(folder)).toBe(false)
  let failed = ''
  const failing = inTemporaryFolder('create-base-image-test-', async folder => {
    failed = folder
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(existsSync(failed)).toBe(false)
  expect(listeners()).toEqual(before)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'])('%s removes it', async named => {
  // The end of a process is listened to like a signal.
  const name = named as NodeJS.Signals
  const before = process.listeners(name)
  const { folder, done, worked } = await working()
  // Else the signal would end the process that the tests run in.
  const other = () => undefined
  process.on(name, other)
  const added = process.listeners(name).filter(listener => !before.includes(listener))
  for (const listener of added) (listener as (name: string) => void)(name)
  expect(existsSync(folder)).toBe(false)
  process.off(name, other)
  done()
  await worked
})
