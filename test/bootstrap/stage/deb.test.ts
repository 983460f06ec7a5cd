import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { readDeb } from '../../../src/bootstrap/stage/deb.ts'
import { inPieces, joined, madeAr, madeDeb, madeTar } from './made-deb.ts'

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

interface Read {
  readonly control: string[]
  readonly data: string[]
}

const read = async (deb: Uint8Array, piece = 65_536, mostBytes = 1e8): Promise<Read> => {
  const found: Read = { control: [], data: [] }
  await readDeb(
    inPieces(deb, piece),
    { what: 'hello 1.0', mostBytes },
    {
      control: files => void found.control.push(...files.map(({ name }) => name)),
      entry: async entry =>
        void found.data.push(`${entry.kind} ${entry.path} ${String(await joined(entry.body))}`),
    },
  )
  return found
}

const refusal = async (deb: Uint8Array, mostBytes = 1e8): Promise<string> => {
  const error: unknown = await read(deb, 65_536, mostBytes).then(
    () => 'it was taken',
    (caught: unknown) => caught,
  )
  const { code, message } = error as BootstrapError
  return `${code}: ${message}`
}

const DATA = [{ path: './' }, { path: './usr/' }, { path: './usr/hello', body: 'x'.repeat(999) }]
const WHOLE = {
  control: ['control', 'postinst'],
  data: ['directory ./ ', 'directory ./usr/ ', `file ./usr/hello ${'x'.repeat(999)}`],
}
const parts = {
  binary: ['debian-binary', Buffer.from('2.0\n')],
  control: ['control.tar.gz', gzipSync(madeTar([{ path: './control', body: 'Package: hello' }]))],
  data: ['data.tar.gz', gzipSync(madeTar(DATA))],
} as const

test('a package is read whole, however it is cut into pieces', async () => {
  const deb = madeDeb({ control: [{ path: './postinst', body: '#!/bin/sh\n' }], data: DATA })
  for (const piece of [1, 61, 4096, 1e6]) expect(await read(deb, piece)).toEqual(WHOLE)
})

test(`members may be xz, zstd or plain${has('xz') && has('zstd') ? '' : ' (xz and zstd skipped: there is none)'}`, async () => {
  const tar = madeTar(DATA)
  const all: (readonly [string, Buffer])[] = [['data.tar', tar]]
  for (const [program, ending] of [
    ['xz', 'xz'],
    ['zstd', 'zst'],
  ] as const) {
    if (has(program))
      all.push([`data.tar.${ending}`, execFileSync(program, ['-c'], { input: tar })])
  }
  for (const data of all)
    expect((await read(madeAr([parts.binary, parts.control, data]))).data).toEqual(WHOLE.data)
})

test('what is no package is refused by name and cause', async () => {
  const bzip = ['data.tar.bz2', Buffer.from('BZh9')] as const
  const cases: [Uint8Array, RegExp][] = [
    [Buffer.from('<html>'), /^deb-malformed: hello 1\.0 is refused: it is not a Debian package\.$/],
    [Buffer.alloc(0), /^deb-malformed/],
    [madeAr([parts.binary]), /^deb-truncated: .*before its control\.tar/],
    [madeAr([parts.binary, parts.control]), /^deb-truncated: .*before its data\.tar/],
    [madeAr([parts.control, parts.data]), /^deb-malformed: .*members/],
    [madeAr([parts.binary, parts.data, parts.control]), /^deb-malformed: .*members/],
    [madeAr([parts.binary, parts.control, parts.data, parts.data]), /^deb-malformed/],
    [madeAr([parts.binary, parts.control, bzip]), /^deb-compression: .*compressed by bz2/],
    [madeAr([['debian-binary', Buffer.from('3.0\n')], parts.control, parts.data]), /format/],
  ]
  for (const [deb, says] of cases) expect(await refusal(deb)).toMatch(says)
  const extra = madeAr([['_gpgorigin', Buffer.from('x')], parts.binary, parts.control, parts.data])
  expect((await read(extra)).data).toEqual(WHOLE.data)
})

test('a package that was cut anywhere is refused', async () => {
  const deb = madeDeb({ data: DATA })
  for (let at = 0; at < deb.length - 1; at += 7) {
    expect(await refusal(deb.subarray(0, at)), `at ${at}`).toMatch(
      /^deb-(truncated|malformed): hello/,
    )
  }
})

test('control data may hold plain files only, each once', async () => {
  const withControl = (entries: Parameters<typeof madeTar>[0]): Buffer =>
    madeAr([parts.binary, ['control.tar', madeTar(entries)], parts.data])
  const control = { path: './control', body: 'Package: hello' }
  const bad: [Parameters<typeof madeTar>[0], RegExp][] = [
    [[], /no control file/],
    [[control, { path: './a/' }], /more than plain files/],
    [[control, { path: './md5sums', kind: 'symlink', linkPath: '/etc/passwd' }], /more than plain/],
    [[control, { path: '../evil' }], /path-unsafe/],
    [[control, { path: './../../x' }], /path-unsafe/],
    [[control, { path: './a.b' }], /more than plain/],
    [[control, control], /twice/],
  ]
  for (const [entries, says] of bad) expect(await refusal(withControl(entries))).toMatch(says)
})

test('bombs are refused before they are unpacked', async () => {
  const zeros = gzipSync(Buffer.alloc(50e6))
  expect(await refusal(madeAr([parts.binary, ['control.tar.gz', zeros], parts.data]))).toMatch(
    /^(bomb|deb-malformed)/,
  )
  const big = madeDeb({ data: [{ path: './big', body: 'y'.repeat(5e6) }] })
  expect(await refusal(big, 1e6)).toMatch(/^bomb: hello 1\.0 .*more than is believable/)
})
