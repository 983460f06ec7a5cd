import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  digestOf,
  fileDigest,
  openWhole,
  partOf,
  sweepDeadParts,
  sweepParts,
  writeWhole,
} from '../../../src/run/project/files.ts'
import { makeFolders } from '../../../src/text/make-folders.ts'
import { room } from '../../oci/room.ts'

/** The files below a folder that this process has open. */
const openBelow = (folder: string): string[] =>
  readdirSync('/proc/self/fd')
    .flatMap(fd => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`)
      } catch {
        return []
      }
    })
    .filter(path => path.startsWith(folder))

const posix = test.skipIf(process.platform === 'win32')
const DEAD = 4_194_305

posix(
  'only a regular file has a digest: no link, pipe, device or folder, and none is waited for',
  async () => {
    const at = await room()
    writeFileSync(join(at, 'file'), 'text')
    symlinkSync('file', join(at, 'link'))
    execFileSync('mkfifo', [join(at, 'pipe')])
    expect(await fileDigest(join(at, 'file'))).toBe(digestOf('text'))
    for (const path of [join(at, 'link'), join(at, 'pipe'), '/dev/null', at, join(at, 'nothing')])
      expect(await fileDigest(path), path).toBeNull()
    await expect(fileDigest(join(at, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
  },
)

posix('a stop ends the hashing of a file', async () => {
  const file = join(await room(), 'file')
  writeFileSync(file, Buffer.alloc(500_000))
  const stop = new AbortController()
  stop.abort('SIGINT')
  await expect(fileDigest(file, stop.signal)).rejects.toBe('SIGINT')
})

posix('folders are made with those above them, and what is there already is no fault', async () => {
  const at = await room()
  await makeFolders(join(at, 'a/b/c'))
  await makeFolders(join(at, 'a/b/c'))
  expect(statSync(join(at, 'a/b/c')).isDirectory()).toBe(true)
  writeFileSync(join(at, 'file'), '')
  await expect(makeFolders(join(at, 'file/below'))).rejects.toMatchObject({ code: 'ENOTDIR' })
})

test.skipIf(process.platform !== 'linux')(
  'a folder that takes no new ones ends it (needs /proc)',
  async () => {
    await expect(makeFolders('/proc/create-base-image/deep')).rejects.toMatchObject({
      code: 'ENOENT',
    })
  },
)

posix('of a name the unfinished files of dead runs are swept, and nothing else', async () => {
  const at = await room()
  const stay = [`a.part-${process.ppid}`, `b.part-${DEAD}`, 'a', `a.part-${DEAD}x`, 'a.part-']
  for (const name of stay) writeFileSync(join(at, name), '')
  writeFileSync(join(at, `a.part-${DEAD}`), '')
  await sweepDeadParts(at, 'a')
  expect(readdirSync(at).toSorted()).toEqual(stay.toSorted())
  mkdirSync(join(at, `a.part-${DEAD}/deep`), { recursive: true })
  await sweepDeadParts(at, 'a')
  expect(existsSync(join(at, `a.part-${DEAD}`))).toBe(false)
  await sweepDeadParts(join(at, 'nowhere'), 'a')
})

posix('in a folder of one run all unfinished files are swept', async () => {
  const at = await room()
  for (const name of [`a.part-${process.ppid}`, `b.part-${DEAD}`, 'c.part-x', 'd'])
    writeFileSync(join(at, name), '')
  await sweepParts(at)
  expect(readdirSync(at).toSorted()).toEqual(['c.part-x', 'd'])
})

posix(
  'a file that is written whole is for all to read, or has the mode that is asked for',
  async () => {
    const at = await room()
    const mode = (name: string): number => statSync(join(at, name)).mode & 0o777
    await writeWhole(join(at, 'text'), 'words')
    await writeWhole(join(at, 'secret'), Buffer.from('bytes'), 0o600)
    expect([mode('text'), mode('secret')]).toEqual([0o644, 0o600])
    expect(readFileSync(join(at, 'text'), 'utf8')).toBe('words')
    expect(readFileSync(join(at, 'secret'), 'utf8')).toBe('bytes')
  },
)

posix('what is given up leaves nothing, also a second time', async () => {
  const at = await room()
  const file = await openWhole(join(at, 'f'), 0o644)
  await file.write(Buffer.from('half'))
  expect(readdirSync(at)).toEqual([`f.part-${process.pid}`])
  expect(partOf(join(at, 'f'))).toBe(join(at, `f.part-${process.pid}`))
  await file.discard()
  await file.discard()
  expect(readdirSync(at)).toEqual([])
})

test.skipIf(process.platform !== 'linux')(
  'what is hashed or written is not left open (needs /proc)',
  async () => {
    const at = await room()
    writeFileSync(join(at, 'file'), 'text')
    const stop = AbortSignal.abort('SIGINT')
    for (let turn = 0; turn < 5; turn += 1) {
      await fileDigest(join(at, 'file'))
      await fileDigest(at)
      await fileDigest(join(at, 'file'), stop).catch(() => undefined)
      await writeWhole(join(at, 'other'), 'text')
    }
    expect(openBelow(at)).toEqual([])
  },
)
