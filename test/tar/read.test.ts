import { execFileSync } from 'node:child_process'
import { mkdir, symlink, link, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { shown, TarProblem } from '../../src/tar/problem.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { drain } from '../../src/tar/streams.ts'
import { madeTar } from '../oci/make-tar.ts'
import { room } from '../oci/room.ts'

interface Read {
  readonly path: string
  readonly kind: string
  readonly link: string
  readonly body: string
}

const inPieces = async function* (bytes: Buffer, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

const readAll = async (bytes: Buffer, piece = 65_536, strict = false): Promise<Read[]> => {
  const found: Read[] = []
  for await (const entry of tarEntries(inPieces(bytes, piece), { strict })) {
    const parts: Uint8Array[] = []
    for await (const chunk of entry.body) parts.push(chunk)
    const body = Buffer.concat(parts).toString()
    found.push({ path: entry.path, kind: entry.kind, link: entry.linkPath, body })
  }
  return found
}

const two = madeTar([
  { path: 'a/', type: '5' },
  { path: 'a/b', body: 'x'.repeat(700) },
  { path: 'c', body: 'see' },
])

const gnuTar = (() => {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar')
  } catch {
    return false
  }
})()
const noTar = gnuTar ? '' : ' (skipped: there is no GNU tar)'

test('entries come in order with their bodies, however the stream is cut into chunks', async () => {
  for (const piece of [1, 7, 512, 513, 100_000]) {
    expect(await readAll(two, piece)).toEqual([
      { path: 'a/', kind: 'directory', link: '', body: '' },
      { path: 'a/b', kind: 'file', link: '', body: 'x'.repeat(700) },
      { path: 'c', kind: 'file', link: '', body: 'see' },
    ])
  }
})

test('a body that is not read, or only in part, is skipped', async () => {
  const paths: string[] = []
  for await (const entry of tarEntries(inPieces(two, 100))) {
    paths.push(entry.path)
    for await (const chunk of entry.body) if (chunk.length > 0) break
  }
  expect(paths).toEqual(['a/', 'a/b', 'c'])
})

test('a second reader of a body goes on where the first one stopped', async () => {
  const tar = madeTar([{ path: 'a', body: '0123456789' }])
  for await (const entry of tarEntries(inPieces(tar, 4))) {
    let text = ''
    for await (const chunk of entry.body) {
      text += Buffer.from(chunk).toString()
      break
    }
    for await (const chunk of entry.body) text += Buffer.from(chunk).toString()
    expect(text).toBe('0123456789')
  }
})

test('a tar cut anywhere before its end mark is a problem for a strict reader', async () => {
  for (let length = 0; length < two.length; length += 100) {
    await expect(readAll(two.subarray(0, length), 4096, true)).rejects.toThrow(TarProblem)
  }
  expect(await readAll(two, 4096, true)).toHaveLength(3)
})

test('a lenient reader accepts a missing end mark but no cut entry', async () => {
  expect(await readAll(two.subarray(0, two.length - 1024))).toHaveLength(3)
  await expect(readAll(two.subarray(0, 1200))).rejects.toThrow('it ends early, within a/b')
})

test('a header with a wrong checksum or an impossible size is a problem', async () => {
  const flipped = Buffer.from(two)
  flipped.writeUInt8(0x41, 3)
  await expect(readAll(flipped)).rejects.toThrow('damaged tar header')
  const huge = madeTar([{ path: 'x', type: 'x', body: '20 size=99999999999999999999\n' }])
  await expect(readAll(huge)).rejects.toThrow(TarProblem)
})

test('PAX values may hold line ends, equals signs and bytes that are no text', async () => {
  const xattr = Buffer.concat([Buffer.from('k=v\n'), Buffer.from([0x80, 0xff, 0, 0x0a])])
  const key = Buffer.from(' SCHILY.xattr.security.capability=')
  const length = key.length + xattr.length + 1 + 2
  const record = Buffer.concat([Buffer.from(String(length)), key, xattr, Buffer.from('\n')])
  const path = Buffer.from('14 path=a=b\nc\n')
  const tar = madeTar([
    { path: 'x', type: 'x', body: Buffer.concat([record, path]) },
    { path: 'short', body: '1' },
    { path: 'next', body: '2' },
  ])
  expect((await readAll(tar)).map(entry => entry.path)).toEqual(['a=b\nc', 'next'])
})

/** A second record of length 0, which a reader that believed it would read for ever. */
const AGAIN = '10 path=a\n0 b=c\n'

test('a PAX record whose length is wrong is a problem', async () => {
  for (const body of [
    '99 path=a\n',
    '0 path=a\n',
    'path=a\n',
    '3 a',
    '-5 a=b\n',
    '10 path=a',
    AGAIN,
  ]) {
    const tar = madeTar([{ path: 'x', type: 'x', body }, { path: 'a' }])
    await expect(readAll(tar)).rejects.toThrow(TarProblem)
  }
})

test('an extension header beyond 1 MiB is refused before it is read', async () => {
  const tar = madeTar([{ path: 'x', type: 'L', body: Buffer.alloc(1024 * 1024 + 1, 'a') }])
  await expect(readAll(tar)).rejects.toThrow('beyond 1 MiB')
})

test('a link has no body, whatever its size field says', async () => {
  const tar = madeTar([
    { path: 'l', type: '1', link: 'a' },
    { path: 'c', body: 'see' },
  ])
  tar.write('00000001000\0', 124)
  const sum = tar
    .subarray(0, 512)
    .fill(' ', 148, 156)
    .reduce((all, byte) => all + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  expect((await readAll(tar)).map(entry => entry.path)).toEqual(['l', 'c'])
})

test.skipIf(!gnuTar)(
  `what GNU tar writes in each of its formats reads the same${noTar}`,
  async () => {
    const at = await room()
    const long = `${'long-directory-name/'.repeat(12)}file`
    await mkdir(join(at, long, '..'), { recursive: true })
    await writeFile(join(at, long), 'deep')
    await writeFile(join(at, 'first'), '1')
    await link(join(at, 'first'), join(at, 'second'))
    await symlink('t'.repeat(150), join(at, 'soft'))
    for (const format of ['gnu', 'pax', 'oldgnu']) {
      const args = ['-C', at, '--sort=name', `--format=${format}`, '-cf', '-', '.']
      const found = await readAll(execFileSync('tar', args), 1000, true)
      const rest = found.filter(entry => entry.kind !== 'directory')
      expect(rest).toEqual([
        { path: './first', kind: 'file', link: '', body: '1' },
        { path: `./${long}`, kind: 'file', link: '', body: 'deep' },
        { path: './second', kind: 'hardlink', link: './first', body: '' },
        { path: './soft', kind: 'symlink', link: 't'.repeat(150), body: '' },
      ])
    }
  },
)

test('a failing stream fails every reading after it', async () => {
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield two.subarray(0, 1200)
    throw new Error('the disk is gone')
  }
  const read = async (): Promise<void> => {
    for await (const entry of tarEntries(failing())) {
      await drain(entry.body).catch(() => undefined)
      await drain(entry.body)
    }
  }
  await expect(read()).rejects.toThrow('the disk is gone')
})

test('a path is shown printable and short', () => {
  expect(shown('a\u001b[31mb\nc')).toBe('a?[31mb?c')
  expect(shown('x'.repeat(500))).toBe(`${'x'.repeat(120)}…`)
})
