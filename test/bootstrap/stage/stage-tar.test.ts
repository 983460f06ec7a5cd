import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { afterEach, expect, test } from 'vitest'
import type { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { stageTar } from '../../../src/bootstrap/stage/stage-tar.ts'
import type { StageRequest } from '../../../src/bootstrap/stage/stage-tar.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { unpackersHere } from './in-thread.ts'
import { writtenDebs } from './written-debs.ts'
import { inPieces, joined, madeDeb } from './made-deb.ts'
import type { MadeDeb } from './made-deb.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  while (endings.length > 0) await endings.pop()?.()
})

interface Made {
  readonly request: StageRequest
  readonly paths: readonly string[]
}

const made = async (debs: readonly MadeDeb[], more: Partial<StageRequest> = {}): Promise<Made> => {
  const { packages, paths, remove } = await writtenDebs(debs)
  endings.push(remove)
  const unpackers = unpackersHere()
  endings.push(() => unpackers.close())
  const request: StageRequest = {
    packages,
    arrival: async n => paths[n] ?? '',
    unpackers,
    isMerged: true,
    files: [],
    epoch: 1_700_000_000,
    signal: new AbortController().signal,
    ...more,
  }
  return { request, paths }
}

const listing = async (tar: Buffer): Promise<Map<string, string>> => {
  const found = new Map<string, string>()
  for await (const entry of tarEntries(inPieces(tar), { strict: true })) {
    expect(found.has(entry.path), entry.path).toBe(false)
    const body = entry.kind === 'file' ? String(await joined(entry.body)) : entry.linkPath
    found.set(entry.path, `${entry.kind} ${entry.mode.toString(8)} ${body}`)
  }
  return found
}

const refusal = async (debs: readonly MadeDeb[]): Promise<string> => {
  const { request } = await made(debs)
  const error: unknown = await joined(stageTar(request)).catch((caught: unknown) => caught)
  return `${(error as BootstrapError).code}: ${(error as Error).message}`
}

const TWO: MadeDeb[] = [
  {
    name: 'alpha',
    fields: 'Multi-Arch: same\nDescription: first\n',
    architecture: 'amd64',
    control: [
      { path: './preinst', mode: 0o755, body: '#!/bin/sh\n' },
      { path: './md5sums', body: 'x  bin/alpha\n' },
      {
        path: './triggers',
        body: 'interest-noawait /usr/share/man\ninterest ldconfig\nactivate y\n',
      },
      { path: './conffiles', body: '/etc/alpha.conf\nremove-on-upgrade /etc/old\n' },
    ],
    data: [
      { path: './' },
      { path: './bin/' },
      { path: './bin/alpha', body: 'A'.repeat(70_000), mode: 0o4755 },
      { path: './bin/also', kind: 'hardlink', linkPath: './bin/alpha', mode: 0o4755 },
      { path: './etc/' },
      { path: './etc/alpha.conf', body: 'set=1\n' },
      { path: './lib64/ld.so', body: 'loader' },
    ],
  },
  {
    name: 'beta',
    data: [
      { path: './' },
      { path: './bin/' },
      { path: `./usr/share/${'long'.repeat(40)}/Főtanúsítvány`, body: 'b' },
      {
        path: './usr/bin/cap',
        body: 'c',
        xattrs: new Map([['security.capability', Buffer.from([1, 0, 0, 2, 128, 255])]]),
      },
      { path: './var/link', kind: 'symlink', linkPath: '../etc' },
    ],
  },
]

test('packages become one tree, through the links of merged-/usr, with the database of dpkg', async () => {
  const script = { path: '.create-base-image/configure.sh', mode: 0o755, bytes: Buffer.from('#!') }
  const { request } = await made(TWO, { files: [script] })
  const found = await listing(await joined(stageTar(request)))
  const at = (path: string): string | undefined => found.get(path)
  expect([...found.keys()].slice(0, 9)).toEqual([
    './',
    'bin',
    'usr/',
    'usr/bin/',
    'sbin',
    'usr/sbin/',
    'lib',
    'usr/lib/',
    'usr/bin/alpha',
  ])
  expect(at('bin')).toBe('symlink 777 usr/bin')
  expect(at('usr/bin/alpha')).toBe(`file 4755 ${'A'.repeat(70_000)}`)
  expect(at('usr/bin/also')).toBe('hardlink 4755 usr/bin/alpha')
  expect(at('lib64')).toBe('symlink 777 usr/lib64')
  expect(at('usr/lib64/ld.so')).toBe('file 644 loader')
  expect(at('lib32')).toBeUndefined()
  expect(at(`usr/share/${'long'.repeat(40)}/Főtanúsítvány`)).toBe('file 644 b')
  const info = 'var/lib/dpkg/info'
  expect(at(`${info}/alpha:amd64.list`)).toBe(
    'file 644 /.\n/bin\n/bin/alpha\n/bin/also\n/etc\n/etc/alpha.conf\n/lib64/ld.so\n',
  )
  expect(at(`${info}/alpha:amd64.preinst`)).toBe('file 755 #!/bin/sh\n')
  expect(at(`${info}/alpha:amd64.control`)).toBeUndefined()
  expect(at(`${info}/beta.list`)).toContain('Főtanúsítvány')
  // Sums that a package brings stay as they are; for one that brings none they are written, as dpkg does it.
  expect(at(`${info}/alpha:amd64.md5sums`)).toBe('file 644 x  bin/alpha\n')
  expect(at(`${info}/beta.md5sums`)).toMatch(/\n4a8a08f09d37b73795649038408b5f33  usr\/bin\/cap\n$/)
  expect(at('.create-base-image/ci/alpha/control')).toContain('Package: alpha')
  expect(at('.create-base-image/ci/beta/control')).toBeUndefined()
  expect(at('.create-base-image/configure.sh')).toBe('file 755 #!')
  expect(at('var/lib/dpkg/triggers/File')).toBe('file 644 /usr/share/man alpha:amd64/noawait\n')
  expect(at('var/lib/dpkg/triggers/ldconfig')).toBe('file 644 alpha:amd64\n')
  const status = at('var/lib/dpkg/status') ?? ''
  expect(status).toContain('Status: install ok unpacked\nPriority: required')
  const md5 = createHash('md5').update('set=1\n').digest('hex')
  expect(status).toContain(`Conffiles:\n /etc/alpha.conf ${md5}\nDescription: first`)
  expect(status.match(/Package: /g)?.length).toBe(2)
})

test('capabilities go through as the bytes they are', async () => {
  const { request } = await made(TWO)
  const tar = await joined(stageTar(request))
  const found: Buffer[] = []
  for await (const entry of tarEntries(inPieces(tar))) found.push(...entry.xattrs.values())
  expect(found).toEqual([Buffer.from([1, 0, 0, 2, 128, 255])])
})

test('the bytes do not depend on how packages arrive', async () => {
  const sums = new Set<string>()
  for (const delays of [
    [0, 0],
    [30, 0],
    [0, 30],
  ]) {
    const { request, paths } = await made(TWO)
    const arrival = async (n: number): Promise<string> => {
      await new Promise(resolve => setTimeout(resolve, delays[n]))
      return paths[n] ?? ''
    }
    const tar = await joined(stageTar({ ...request, arrival }))
    sums.add(createHash('sha256').update(tar).digest('hex'))
  }
  expect(sums.size).toBe(1)
})

test('a package larger than the window of a thread goes through whole, beside others', async () => {
  const body = 'z'.repeat(30_000_000)
  const big = ['a', 'b', 'c'].map(name => ({ name, data: [{ path: `./${name}`, body }] }))
  const { request } = await made(big)
  const found = await listing(await joined(stageTar(request)))
  for (const { name } of big) expect(found.get(name)?.length).toBe(body.length + 'file 644 '.length)
})

test('hostile and clashing packages are refused by name', async () => {
  const data = (entries: MadeDeb['data']): MadeDeb[] => [{ ...(entries && { data: entries }) }]
  const cases: [MadeDeb[], RegExp][] = [
    [
      data([{ path: '/etc/shadow', body: 'x' }]),
      /^path-unsafe: hello 1\.0 .*\/etc\/shadow is an absolute/,
    ],
    [data([{ path: './a/../../b', body: 'x' }]), /^path-unsafe/],
    [data([{ path: './d', kind: 'symlink', linkPath: '../../etc' }]), /^entry-unsafe: .*leads out/],
    [data([{ path: './h', kind: 'hardlink', linkPath: '../etc/shadow' }]), /^path-unsafe/],
    [
      data([{ path: './h', kind: 'hardlink', linkPath: 'gone' }]),
      /^entry-unsafe: .*no file to share/,
    ],
    [
      data([{ path: './n', kind: 'char-device', device: { major: 1, minor: 3 } }]),
      /^entry-unsafe: .*char-device/,
    ],
    [data([{ path: './f', kind: 'fifo' }]), /^entry-unsafe: .*fifo/],
    [data([{ path: './x/' }, { path: './x', body: 'y' }]), /^file-conflict: .*twice/],
    [data([{ path: './x', body: 'y' }, { path: './x/' }]), /^file-conflict/],
    [data([{ path: './big', body: 'short', size: 4_000_000_000 }]), /^(deb-truncated|bomb)/],
    [
      [
        { name: 'a', data: [{ path: './x' }] },
        { name: 'b', data: [{ path: './x' }] },
      ],
      /^file-conflict: b 1\.0 .*a 1\.0 has it as a file/,
    ],
  ]
  for (const [debs, says] of cases) expect(await refusal(debs)).toMatch(says)
})

test('a package that says it is another one is refused', async () => {
  const { request } = await made([{ name: 'hello' }])
  const [record] = request.packages
  if (record === undefined) throw new Error('no package')
  const lying = { ...request, packages: [{ ...record, version: '9' }] }
  await expect(joined(stageTar(lying))).rejects.toThrow(
    'hello 9 is refused: inside it is hello 1.0 all',
  )
})

test('a package that changes in the cache while it is read is refused, and one that is gone is told', async () => {
  const { request, paths } = await made([{ name: 'hello', data: [{ path: './a' }] }])
  await writeFile(paths[0] ?? '', madeDeb({ name: 'hello', data: [{ path: './evil' }] }))
  await expect(joined(stageTar(request))).rejects.toMatchObject({ code: 'cache-damaged' })
  const gone = await made([{ name: 'hello' }])
  await rm(gone.paths[0] ?? '')
  await expect(joined(stageTar(gone.request))).rejects.toMatchObject({ code: 'cache-damaged' })
})

test('a package that does not come ends it with its own error', async () => {
  const { request } = await made([{ name: 'a' }, { name: 'b' }])
  const arrival = async (n: number): Promise<string> => {
    if (n === 1) throw new Error('no such package on the mirror')
    return request.arrival(n)
  }
  await expect(joined(stageTar({ ...request, arrival }))).rejects.toThrow('no such package')
})
