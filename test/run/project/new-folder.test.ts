import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { writeProject } from '../../../src/run/crafts/write-project.ts'
import { openProject } from '../../../src/run/project/project.ts'
import { room } from '../../oci/room.ts'
import { craftContext } from '../crafts/craft-context.ts'

const { meanwhile } = vi.hoisted(() => ({
  meanwhile: { code: '', does: (): void => undefined },
}))

// What another run does comes just before the new folder takes its name, and systems tell of it by different codes.
vi.mock('node:fs/promises', async load => {
  const actual = await load<typeof import('node:fs/promises')>()
  const rename: typeof actual.rename = async (from, to) => {
    if (!String(from).includes('.create-base-image-') || String(from).includes('.part-'))
      return actual.rename(from, to)
    meanwhile.does()
    throw Object.assign(new Error(meanwhile.code), { code: meanwhile.code })
  }
  return { ...actual, rename }
})

/** The error of a run that is to make a folder while a rename fails like this; `theirs` says that somebody made it. */
const failed = async (code: string, theirs: boolean) => {
  const parent = await room()
  const directory = join(parent, 'hello')
  Object.assign(meanwhile, { code, does: () => theirs && mkdirSync(directory) })
  const project = openProject(directory, { version: 1 }, false)
  const error: unknown = await writeProject(
    { files: [{ file: 'a', text: '' }], shown: 'hello' },
    craftContext(directory, { project }),
  ).catch((caught: unknown) => caught)
  expect(readdirSync(parent)).toEqual(theirs ? ['hello'] : [])
  expect([project.made, project.lockedBy]).toEqual([false, undefined])
  return error
}

test('a folder that another run made a moment before is told as that, whatever the system calls it', async () => {
  for (const code of ['ENOTEMPTY', 'EEXIST', 'EPERM'])
    expect(await failed(code, true), code).toMatchObject({
      code: 'made-meanwhile',
      message: expect.stringMatching(/^Another run made .*hello meanwhile\.$/) as string,
      todo: ['Run the same command again to go on with it, or name another folder.'],
    })
})

test('any other failure is told as what it is', async () => {
  expect(await failed('EPERM', false)).toMatchObject({ code: 'unwritable' })
  expect(await failed('ENOSPC', true)).toMatchObject({ code: 'no-space' })
})
