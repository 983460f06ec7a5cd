import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { endOfTar, padding } from '../../src/tar/block.ts'
import { clampedTime, tarHeader, tarOf } from '../../src/tar/write.ts'
import type { HeaderSpec } from '../../src/tar/write.ts'
import { tarEntries } from '../../src/tar/read.ts'

const plain: HeaderSpec = { path: 'hello', kind: 'file', mode: 0o755, uid: 0, gid: 0, size: 5 }

const run = (
  program: string,
  args: readonly string[],
  input: Uint8Array = Buffer.alloc(0),
): string | null => {
  try {
    return execFileSync(program, args, { input, encoding: 'utf8', env: { TZ: 'UTC', LC_ALL: 'C' } })
  } catch {
    return null
  }
}
const hasGnuTar = run('tar', ['--version'])?.includes('GNU tar') === true
const noTar = hasGnuTar ? '' : ' (skipped: there is no GNU tar)'

const listed = (spec: HeaderSpec): string =>
  run(
    'tar',
    ['tvf', '-', '--numeric-owner', '--full-time', '--quoting-style=escape'],
    wholeTar(spec),
  ) ?? ''

const wholeTar = (spec: HeaderSpec): Buffer =>
  Buffer.concat([tarHeader(spec), Buffer.alloc(spec.size, 'x'), padding(spec.size), endOfTar()])

test('a plain file has a header of one block with the fields where POSIX has them', () => {
  const block = tarHeader(plain)
  expect(block.length).toBe(512)
  expect(block.toString('latin1', 0, 6)).toBe('hello\0')
  expect(block.toString('latin1', 100, 108)).toBe('0000755\0')
  expect(block.toString('latin1', 124, 136)).toBe('00000000005\0')
  expect(block.toString('latin1', 136, 148)).toBe('00000000000\0')
  expect(block.toString('latin1', 156, 157)).toBe('0')
  expect(block.toString('latin1', 257, 265)).toBe('ustar\x0000')
})

test('padding fills the last block and nothing more', () => {
  expect([0, 1, 511, 512, 513].map(size => padding(size).length)).toEqual([0, 511, 1, 0, 511])
})

test('a path that fits the ustar fields needs no extension, any other does', () => {
  const blocks = (path: string): number => tarHeader({ ...plain, path }).length / 512
  expect(blocks('a'.repeat(100))).toBe(1)
  expect(blocks('a'.repeat(101))).toBe(3)
  expect(blocks(`${'d'.repeat(155)}/${'f'.repeat(100)}`)).toBe(1)
  expect(blocks(`${'d'.repeat(156)}/${'f'.repeat(100)}`)).toBe(3)
  expect(blocks('grüße')).toBe(3)
})

test('the prefix is the shortest that does', () => {
  const block = tarHeader({ ...plain, path: `a/b/${'c'.repeat(97)}` })
  expect(block.toString('latin1', 345, 347)).toBe('a\0')
  expect(block.toString('latin1', 0, 100)).toBe(`b/${'c'.repeat(97)}\0`)
})

test('the length of a PAX record counts its own digits at the edges of 10, 100 and 1000', () => {
  for (const length of [101, 988, 989, 990, 991, 992, 993, 9986, 9987, 9988, 9989, 9990]) {
    const header = tarHeader({ ...plain, path: 'p'.repeat(length) })
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8)
    const record = header.toString('latin1', 512, 512 + size)
    expect(record).toBe(`${size} path=${'p'.repeat(length)}\n`)
  }
})

test.skipIf(!hasGnuTar)(`GNU tar reads the mode, owner, size, date and path${noTar}`, () => {
  const spec = { ...plain, mode: 0o4750, uid: 1234, gid: 99 }
  expect(listed(spec)).toMatch(/^-rwsr-x--- 1234\/99 +5 1970-01-01 00:00:00 hello\n$/)
  expect(listed({ ...plain, path: 'etc/', kind: 'directory', size: 0 })).toMatch(/^d.* etc\/\n$/)
})

test.skipIf(!hasGnuTar)(`GNU tar reads long paths, Unicode paths and big owners${noTar}`, () => {
  const long = `${'directory/'.repeat(40)}file`
  expect(listed({ ...plain, path: long })).toContain(` ${long}\n`)
  expect(listed({ ...plain, path: 'grüße' })).toContain(String.raw`gr\303\274\303\237e`)
  expect(listed({ ...plain, uid: 0xfffffffe, gid: 3_000_000 })).toContain(' 4294967294/3000000 ')
})

const once = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

const whole: HeaderSpec[] = [
  { ...plain, path: 'dev/', kind: 'directory', size: 0, mtime: 1_700_000_000 },
  { ...plain, path: 'dev/null', kind: 'char-device', size: 0, device: { major: 1, minor: 3 } },
  { ...plain, path: 'dev/sda', kind: 'block-device', size: 0, device: { major: 8, minor: 300 } },
  { ...plain, path: 'dev/log', kind: 'fifo', size: 0 },
  { ...plain, path: 'link', kind: 'symlink', size: 0, linkPath: 't'.repeat(150) },
  { ...plain, path: 'hard', kind: 'hardlink', size: 0, linkPath: 'dev/log' },
  {
    ...plain,
    path: Buffer.from([0x66, 0xff, 0xfe]),
    size: 0,
    uid: 3_000_000,
    xattrs: new Map([
      ['user.b', Buffer.from('2')],
      ['security.capability', Buffer.from([0, 0x0a, 0xff, 0x3d])],
    ]),
  },
]

test('what is written reads back: devices, links, times, bytes of names and attributes', async () => {
  const tar = await bytesOf(tarOf(whole.map(spec => ({ spec }))))
  const found: object[] = []
  for await (const entry of tarEntries(once(tar), { strict: true })) {
    const { pathBytes, linkPath, body: _body, offset: _offset, isSparse: _sparse, ...rest } = entry
    found.push({ ...rest, path: pathBytes.toString('latin1'), linkPath })
  }
  expect(found).toEqual(
    whole.map(spec => ({
      linkBytes: Buffer.from(spec.linkPath ?? ''),
      linkPath: '',
      device: { major: 0, minor: 0 },
      xattrs: new Map(),
      mtime: 0,
      ...spec,
      path: Buffer.from(spec.path).toString('latin1'),
    })),
  )
})

test.skipIf(!hasGnuTar)(`GNU tar reads devices, links and times${noTar}`, async () => {
  const tar = await bytesOf(tarOf(whole.slice(0, 6).map(spec => ({ spec }))))
  const list = run('tar', ['tvf', '-', '--numeric-owner', '--full-time'], tar)
  expect(list).toMatch(/^drwxr-xr-x 0\/0 +0 2023-11-14 22:13:20 dev\/$/m)
  expect(list).toMatch(/^crwxr-xr-x 0\/0 +1,3 .* dev\/null$/m)
  expect(list).toMatch(/^brwxr-xr-x 0\/0 +8,300 .* dev\/sda$/m)
  expect(list).toMatch(/^prwxr-xr-x .* dev\/log$/m)
  expect(list).toMatch(/ link -> t{150}$/m)
  expect(list).toMatch(/ hard link to dev\/log$/m)
})

test('the same entries give the same bytes, in whatever order their attributes come', async () => {
  const turned = whole.map(spec => ({
    spec: { ...spec, ...(spec.xattrs && { xattrs: new Map([...spec.xattrs].toReversed()) }) },
  }))
  const first = await bytesOf(tarOf(whole.map(spec => ({ spec }))))
  expect(await bytesOf(tarOf(turned))).toEqual(first)
})

test('a body of another size than its header says is an error', async () => {
  const body = (text: string) => ({ spec: plain, body: once(Buffer.from(text)) })
  await expect(bytesOf(tarOf([body('1234')]))).rejects.toThrow('hello has 4 bytes, not 5')
  await expect(bytesOf(tarOf([body('123456')]))).rejects.toThrow('hello has 6 bytes, not 5')
  await expect(bytesOf(tarOf([{ spec: plain }]))).rejects.toThrow('hello has 0 bytes, not 5')
  const tar = await bytesOf(tarOf([body('12345')]))
  expect(tar.length).toBe(4 * 512)
})

test('times are clamped to whole seconds between 1970 and the latest', () => {
  expect([-5, 1.9, 99, 101].map(time => clampedTime(time, 100))).toEqual([0, 1, 99, 100])
})
