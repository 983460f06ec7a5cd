import { execFileSync } from 'node:child_process'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TarProblem } from '../../src/tar/problem.ts'
import { tarEntries } from '../../src/tar/read.ts'
import type { ReadOptions, TarEntry } from '../../src/tar/read.ts'
import { madeTar } from '../oci/make-tar.ts'
import { room } from '../oci/room.ts'

type Read = Omit<TarEntry, 'body'> & { readonly bytes: Buffer }

const inPieces = async function* (bytes: Buffer, piece: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

const readAll = async (tar: Buffer, options: ReadOptions = {}, piece = 700): Promise<Read[]> => {
  const found: Read[] = []
  for await (const { body, ...entry } of tarEntries(inPieces(tar, piece), options)) {
    const parts: Uint8Array[] = []
    for await (const chunk of body) parts.push(chunk)
    found.push({ ...entry, bytes: Buffer.concat(parts) })
  }
  return found
}

const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`
  const guess = rest.length + String(rest.length).length
  return `${rest.length + String(guess).length}${rest}`
}

const pax = (...pairs: readonly (readonly [string, string])[]) => ({
  path: 'x',
  type: 'x',
  body: pairs.map(([key, value]) => record(key, value)).join(''),
})

/** Changes a field of a tar's first header and mends its checksum. */
const withField = (tar: Buffer, at: number, bytes: Buffer): Buffer => {
  const changed = Buffer.from(tar)
  bytes.copy(changed, at)
  changed.fill(' ', 148, 156)
  const sum = changed.subarray(0, 512).reduce((all, byte) => all + byte, 0)
  changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return changed
}

const gnuTar = (() => {
  try {
    return execFileSync('tar', ['--version'], { encoding: 'utf8' }).includes('GNU tar')
  } catch {
    return false
  }
})()
const noTar = gnuTar ? '' : ' (skipped: there is no GNU tar)'

const SPARSE: readonly (readonly [string, string])[] = [
  ['gnu', ''],
  ['pax', '0.0'],
  ['pax', '0.1'],
  ['pax', '1.0'],
]

test.skipIf(!gnuTar).each(SPARSE)(
  `a sparse file of format %s %s reads whole, holes as zeros${noTar}`,
  async (format, version) => {
    const at = await room()
    const file = await open(join(at, 'holes'), 'w')
    // More parts than the header of the old format holds, so that its extension blocks are read too.
    for (let part = 0; part < 30; part++) await file.write(`part ${part}`, part * 200_000)
    await file.truncate(7_000_000)
    await file.close()
    await writeFile(join(at, 'next'), 'next')
    const args = version === '' ? [] : [`--sparse-version=${version}`]
    const tar = execFileSync(
      'tar',
      ['-C', at, '--sort=name', `--format=${format}`, ...args, '-S', '-cf', '-', 'holes', 'next'],
      { maxBuffer: 1e8 },
    )
    expect(tar.length).toBeLessThan(1_000_000)
    const [holes, next] = await readAll(tar, { strict: true }, 10_000)
    expect(holes).toMatchObject({ path: 'holes', kind: 'file', isSparse: true, size: 7_000_000 })
    expect(holes?.bytes.length).toBe(7_000_000)
    for (let part = 0; part < 30; part++) {
      expect(holes?.bytes.toString('latin1', part * 200_000, part * 200_000 + 7)).toBe(
        `part ${part}`.padEnd(7, '\0'),
      )
    }
    const text = holes?.bytes.reduce((sum, byte) => sum + (byte === 0 ? 0 : 1), 0)
    expect(text).toBe(10 * 6 + 20 * 7)
    expect(next?.bytes.toString()).toBe('next')
  },
  60_000,
)

test('a sparse file may be nothing but a hole, and its readers may come one after another', async () => {
  const size = 200_000
  const tar = madeTar([
    pax(['GNU.sparse.size', String(size)], ['GNU.sparse.map', '100000,3,200000,0']),
    { path: 'a', body: 'abc' },
  ])
  for await (const entry of tarEntries(inPieces(tar, 512))) {
    let bytes = 0
    for await (const chunk of entry.body) {
      bytes += chunk.length
      break
    }
    for await (const chunk of entry.body) bytes += chunk.length
    expect(bytes).toBe(size)
  }
})

test.each([
  ['overlaps', '5,5,8,2'],
  ['goes beyond the end', '8,5'],
  ['has half a pair', '1,2,3'],
  ['has words', 'a,b'],
  ['has negative numbers', '-1,2'],
])('a sparse map that %s is a problem', async (_, map) => {
  const tar = madeTar([
    pax(['GNU.sparse.size', '10'], ['GNU.sparse.map', map]),
    { path: 'a', body: 'abcdefghij' },
  ])
  await expect(readAll(tar)).rejects.toThrow('a sparse file with a damaged map')
})

test('a map that wants more than the tar stores is a problem, and so is an endless one', async () => {
  const wants = madeTar([
    pax(['GNU.sparse.size', '900'], ['GNU.sparse.map', '0,900']),
    { path: 'a', body: 'abc' },
  ])
  await expect(readAll(wants)).rejects.toThrow('a has fewer bytes than its map says')
  const inBody = [['GNU.sparse.major', '1'] as const, ['GNU.sparse.minor', '0'] as const]
  for (const body of ['5\n1\n', '9'.repeat(512), `${'9'.repeat(12)}\n`.padEnd(512, '\0')]) {
    await expect(readAll(madeTar([pax(...inBody), { path: 'a', body }]))).rejects.toThrow(
      TarProblem,
    )
  }
})

test('extended attributes are bytes, and devices have their numbers', async () => {
  const value = Buffer.from([0x01, 0, 0x0a, 0xff, 0x3d])
  const key = ' SCHILY.xattr.security.capability='
  const body = Buffer.concat([Buffer.from(`${key.length + 8}${key}`), value, Buffer.from('\n')])
  const node = madeTar([{ path: 'null', type: '3' }], false)
  const numbered = withField(node, 329, Buffer.from('0000001\x000000003\0'))
  const tar = Buffer.concat([madeTar([{ path: 'x', type: 'x', body }], false), numbered])
  const [found] = await readAll(tar)
  expect(found).toMatchObject({ kind: 'char-device', device: { major: 1, minor: 3 } })
  expect(found?.xattrs.get('security.capability')).toEqual(value)
})

test('odd owners are read: negative ones, and ones beyond octal', async () => {
  const plain = madeTar([{ path: 'a' }])
  const nobody = Buffer.alloc(8, 0xff)
  nobody.writeUInt8(0xfe, 7)
  expect((await readAll(withField(plain, 108, nobody)))[0]?.uid).toBe(-2)
  const big = Buffer.from([0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xfe])
  expect((await readAll(withField(plain, 108, big)))[0]?.uid).toBe(0xfffffffe)
  const spaced = Buffer.from(' \0 1750 ')
  expect((await readAll(withField(plain, 108, spaced)))[0]?.uid).toBe(0o1750)
})

test('a negative size is a problem', async () => {
  const tar = withField(madeTar([{ path: 'a' }]), 124, Buffer.alloc(12, 0xff))
  await expect(readAll(tar)).rejects.toThrow('an impossible number')
})

test('a global header holds for all that follows, but names nothing', async () => {
  const globe = { ...pax(['uid', '7'], ['path', 'all the same']), type: 'g' }
  const tar = madeTar([globe, { path: 'a' }, pax(['uid', '8']), { path: 'b' }, { path: 'c' }])
  expect((await readAll(tar)).map(({ path, uid }) => `${path} ${uid}`)).toEqual([
    'a 7',
    'b 8',
    'c 7',
  ])
})

test("GNU tar's long name beats PAX, whichever comes first, as engines read it", async () => {
  const long = { path: 'x', type: 'L', body: 'gnu\0' }
  for (const both of [
    [long, pax(['path', 'pax'])],
    [pax(['path', 'pax']), long],
  ]) {
    expect((await readAll(madeTar([...both, { path: 'a' }])))[0]?.path).toBe('gnu')
  }
})

test('an empty PAX value takes an earlier one back', async () => {
  const tar = madeTar([pax(['path', 'first'], ['path', '']), { path: 'a' }])
  expect((await readAll(tar))[0]?.path).toBe('a')
})

test('a zero byte in a PAX path is a problem', async () => {
  const tar = madeTar([pax(['path', 'a\0b']), { path: 'a' }])
  await expect(readAll(tar)).rejects.toThrow('a damaged PAX header')
})

test('names that are no text are there as bytes', async () => {
  const tar = withField(madeTar([{ path: 'aaa' }]), 0, Buffer.from([0x66, 0xff, 0xfe]))
  expect((await readAll(tar))[0]?.pathBytes).toEqual(Buffer.from([0x66, 0xff, 0xfe]))
})

test('only an old tar has directories that are files with a slash', async () => {
  const old = withField(madeTar([{ path: 'a/' }]), 156, Buffer.from([0]))
  expect((await readAll(old))[0]?.kind).toBe('directory')
  const [file, next] = await readAll(madeTar([{ path: 'a/', body: 'hidden' }, { path: 'b' }]))
  expect([file?.kind, file?.bytes.toString(), next?.path]).toEqual(['file', 'hidden', 'b'])
})

test('a missing end is told to who asks', async () => {
  const told: string[] = []
  const onMissingEnd = (): void => void told.push('missing')
  await readAll(madeTar([{ path: 'a' }], false), { onMissingEnd })
  await readAll(madeTar([{ path: 'a' }]), { onMissingEnd })
  expect(told).toEqual(['missing'])
})

test.skipIf(!gnuTar)(`the ustar prefix is read${noTar}`, async () => {
  const at = await room()
  const folder = 'folder-name/'.repeat(11)
  await mkdir(join(at, folder), { recursive: true })
  await writeFile(join(at, folder, 'file'), 'x')
  const tar = execFileSync('tar', ['-C', at, '--format=ustar', '-cf', '-', `${folder}file`])
  expect((await readAll(tar))[0]?.path).toBe(`${folder}file`)
})
