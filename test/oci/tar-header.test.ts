import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { endOfTar, padding, tarHeader } from '../../src/oci/tar-header.ts'
import type { HeaderSpec } from '../../src/oci/tar-header.ts'

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
    tarOf(spec),
  ) ?? ''

const tarOf = (spec: HeaderSpec): Buffer =>
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

test('a path of 100 bytes needs no extension and one of 101 does', () => {
  expect(tarHeader({ ...plain, path: 'a'.repeat(100) }).length).toBe(512)
  expect(tarHeader({ ...plain, path: 'a'.repeat(101) }).length).toBe(3 * 512)
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
