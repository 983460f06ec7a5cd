import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { LOADED } from '../../../src/plan/names.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import { fileDigest } from '../../../src/run/project/files.ts'
import { room } from '../../oci/room.ts'
import { craftContext } from './craft-context.ts'

/** A file system of its own on most Linux machines. */
const ELSEWHERE = '/dev/shm'

const made = async () => {
  const folder = await room()
  mkdirSync(dirname(join(folder, LOADED)), { recursive: true })
  writeFileSync(join(folder, LOADED), 'an archive')
  const context = craftContext(folder)
  const place = (archive: string) => crafts['place-archive']({ from: LOADED, archive }, context)
  return { folder, place, archives: () => context.project.state.archives }
}

test('an archive that is proven takes its place, and is remembered as ours', async () => {
  const { folder, place, archives } = await made()
  const archive = join(folder, 'out/hello.tar')
  expect(await place(archive)).toEqual({ result: archive })
  expect(readFileSync(archive, 'utf8')).toBe('an archive')
  expect(existsSync(join(folder, LOADED))).toBe(false)
  expect(archives()).toEqual({ 'out/hello.tar': await fileDigest(archive) })
})

test('a place that takes no file is told as that, and the archive stays for another try', async () => {
  const { folder, place } = await made()
  await expect(place('/proc/none/hello.tar')).rejects.toMatchObject({
    name: 'CraftError',
    code: 'unwritable',
    message: expect.stringContaining('/proc/none/hello.tar') as string,
  })
  expect(existsSync(join(folder, LOADED))).toBe(true)
})

const isElsewhere = (): boolean =>
  existsSync(ELSEWHERE) && statSync(ELSEWHERE).dev !== statSync('/tmp').dev

test.skipIf(!isElsewhere())('on another file system it is written anew, whole', async () => {
  const { place } = await made()
  const other = mkdtempSync(join(ELSEWHERE, 'cbi-place-'))
  try {
    await place(join(other, 'hello.tar'))
    expect(readFileSync(join(other, 'hello.tar'), 'utf8')).toBe('an archive')
    expect(readdirSync(other)).toEqual(['hello.tar'])
  } finally {
    rmSync(other, { recursive: true })
  }
})
