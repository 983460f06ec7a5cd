import { expect, test } from 'vitest'
import { finishTar } from '../../../src/bootstrap/stage/finish.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { inPieces, joined, madeTar } from './made-deb.ts'
import type { MadeEntry } from './made-deb.ts'

const EPOCH = 1_700_000_000
const finish = (entries: readonly MadeEntry[]): Promise<Buffer> =>
  joined(finishTar(inPieces(madeTar(entries)), { epoch: EPOCH }))

const listing = async (tar: Buffer): Promise<string[]> => {
  const found: string[] = []
  for await (const entry of tarEntries(inPieces(tar), { strict: true })) {
    const body = entry.kind === 'file' ? String(await joined(entry.body)) : entry.linkPath
    found.push(`${entry.path} ${entry.mode.toString(8)} ${entry.mtime} ${body}`.trimEnd())
  }
  return found
}

const TREE: MadeEntry[] = [
  { path: '.dockerenv' },
  { path: 'bin', kind: 'symlink', mode: 0o777, linkPath: 'usr/bin', mtime: 5 },
  { path: 'dev/' },
  { path: 'dev/console' },
  { path: 'etc/', mtime: 7 },
  { path: 'etc/fstab', body: 'fstab', mtime: EPOCH + 99 },
  { path: 'etc/hostname', mode: 0o600 },
  { path: 'etc/hosts', body: '127.0.0.1 7f3a' },
  { path: 'etc/machine-id', body: 'abcdef' },
  { path: 'etc/mtab', kind: 'symlink', linkPath: '/proc/mounts' },
  { path: 'etc/passwd', body: 'root', mtime: 100 },
  { path: 'etc/passwd-', body: 'old' },
  { path: 'etc/resolv.conf' },
  { path: 'etc/ssh/' },
  { path: 'etc/ssh/ssh_host_rsa_key', body: 'secret' },
  { path: 'etc/ssh/ssh_host_rsa_key.pub', body: 'half of it' },
  { path: 'etc/ssl/' },
  { path: 'etc/ssl/private/' },
  { path: 'etc/ssl/private/ssl-cert-snakeoil.key', body: 'secret' },
  { path: 'run/' },
  { path: 'run/lock/' },
  { path: 'run/pid', body: '1' },
  { path: 'tmp/', mode: 0o1777 },
  { path: 'tmp/x', body: 'x' },
  { path: 'usr/' },
  { path: 'usr/bin/' },
  { path: 'usr/bin/gunzip', body: 'zip', mtime: 3 },
  { path: 'usr/bin/uncompress', kind: 'hardlink', linkPath: 'usr/bin/gunzip' },
  { path: 'var/' },
  { path: 'var/lib/' },
  { path: 'var/lib/systemd/' },
  { path: 'var/lib/systemd/random-seed', body: 'seed' },
  { path: 'var/log/' },
  { path: 'var/log/dpkg.log', body: 'log' },
  { path: 'var/log/wtmp' },
]

test('an export becomes a layer: no traces, no secrets, no later time', async () => {
  expect(await listing(await finish(TREE))).toEqual([
    `./ 755 ${EPOCH}`,
    `bin 777 ${EPOCH} usr/bin`,
    `dev/ 755 ${EPOCH}`,
    `etc/ 755 ${EPOCH}`,
    `etc/fstab 644 ${EPOCH} fstab`,
    `etc/hostname 644 ${EPOCH}`,
    'etc/machine-id 644 0',
    'etc/passwd 644 100 root',
    `etc/resolv.conf 644 ${EPOCH}`,
    `etc/ssh/ 755 ${EPOCH}`,
    `etc/ssl/ 755 ${EPOCH}`,
    `etc/ssl/private/ 755 ${EPOCH}`,
    `run/ 755 ${EPOCH}`,
    `run/lock/ 755 ${EPOCH}`,
    `tmp/ 1777 ${EPOCH}`,
    `usr/ 755 ${EPOCH}`,
    `usr/bin/ 755 ${EPOCH}`,
    'usr/bin/gunzip 644 3 zip',
    `usr/bin/uncompress 644 ${EPOCH} usr/bin/gunzip`,
    `var/ 755 ${EPOCH}`,
    `var/lib/ 755 ${EPOCH}`,
    `var/lib/systemd/ 755 ${EPOCH}`,
    `var/log/ 755 ${EPOCH}`,
    'var/log/wtmp 644 0',
  ])
})

test('a tree that no engine has had in its hands gives the same bytes', async () => {
  const traces = [
    '.dockerenv',
    'dev/console',
    'etc/hostname',
    'etc/hosts',
    'etc/mtab',
    'etc/resolv.conf',
  ]
  const bare = TREE.filter(({ path }) => !traces.includes(path))
  const late = bare.map(entry =>
    entry.path.endsWith('/') ? { ...entry, mtime: EPOCH + 5 } : entry,
  )
  expect((await finish(late)).equals(await finish(TREE))).toBe(true)
})

test('capabilities stay the bytes they are', async () => {
  const value = Buffer.from([1, 0, 0, 2, 0, 0x20, 128, 255])
  const xattrs = new Map([['security.capability', value]])
  const tree = TREE.map(entry => (entry.path === 'usr/bin/gunzip' ? { ...entry, xattrs } : entry))
  const found: Buffer[] = []
  for await (const entry of tarEntries(inPieces(await finish(tree))))
    found.push(...entry.xattrs.values())
  expect(found).toEqual([value])
})

test('a resolv.conf that a package made a link stays one', async () => {
  const link = { path: 'etc/resolv.conf', kind: 'symlink', linkPath: '../run/x' } as const
  const tree = TREE.map(entry => (entry.path === link.path ? link : entry))
  expect(await listing(await finish(tree))).toContain(`etc/resolv.conf 644 ${EPOCH} ../run/x`)
})

test('what is no whole tree in order is refused', async () => {
  const [first, ...rest] = TREE
  await expect(finish([...rest, first ?? { path: 'x' }, { path: 'a' }])).rejects.toThrow(
    'not in the order',
  )
  await expect(finish([])).rejects.toThrow('not hold a complete root filesystem')
  await expect(finish([{ path: 'usr/' }])).rejects.toThrow('not hold a complete root filesystem')
  await expect(finish([{ path: '../etc/' }])).rejects.toMatchObject({ code: 'path-unsafe' })
  const cut = madeTar(TREE).subarray(0, -700)
  await expect(joined(finishTar(inPieces(cut), { epoch: EPOCH }))).rejects.toMatchObject({
    code: 'configure-failed',
    message: expect.stringContaining("The container's export is damaged: it ends early") as string,
  })
  const dangling = { path: 'usr/bin/x', kind: 'hardlink', linkPath: 'tmp/x' } as const
  await expect(finish([...TREE.slice(0, 27), dangling, { path: 'var/' }])).rejects.toThrow(
    'not in it',
  )
})
