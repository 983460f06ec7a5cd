import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lockOf, lockText } from '../../src/bootstrap/deb/lock.ts'
import { planPackages } from '../../src/bootstrap/deb/bootstrap.ts'
import { makeFetcher } from '../../src/bootstrap/fetch/fetcher.ts'
import { main } from '../../src/cli.ts'
import type { Io } from '../../src/terminal/io.ts'
import { archiveOf } from '../bootstrap/deb/small-archive.ts'
import { makeSigner } from '../bootstrap/deb/signed.ts'
import type { Row } from '../bootstrap/deb/small-index.ts'
import { newFolder, serve } from '../bootstrap/fetch/server.ts'
import { bookwormRequest } from '../run/rootfs/bookworm-request.ts'

const MADE = new Date(Date.now() - 86_400_000)
const BASE: readonly Row[] = [
  ['base-files 12 required', { Depends: 'libc6' }],
  ['libc6 2.36 required'],
  ['apt 2.6 important'],
]

const run = async (cwd: string, ...argv: string[]): Promise<[number, string]> => {
  let text = ''
  const write = (more: string) => void (text += more)
  const io = { out: { write }, err: { write }, env: {}, cwd } as unknown as Io
  return [await main(['outdated', ...argv, '--cache', join(cwd, 'cache')], io), text]
}

/** A mirror of bookworm on loopback, a folder with the lock of what it has now, and its keyring. */
const locked = async () => {
  const signer = await makeSigner(new Date(MADE.getTime() - 86_400_000))
  const files = new Map<string, Buffer>()
  const put = async (rows: readonly Row[]) => {
    const more = { 'debian/dists/bookworm': { rows } }
    for (const [path, bytes] of await archiveOf(more, signer, MADE)) files.set(path, bytes)
  }
  await put(BASE)
  const { url } = await serve((request, response) => {
    const bytes = files.get(request.url!.slice(1))
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  const folder = await newFolder()
  const keyring = join(folder, 'keys.asc')
  await writeFile(keyring, signer.key.certificate)
  const mirror = `${url}/debian`
  const root = await bookwormRequest({ mirror, keyring, updates: true })
  const signal = new AbortController().signal
  const fetcher = await makeFetcher({ env: {}, cache: join(folder, 'first') })
  const set = await planPackages({ request: root.request, fetcher, signal })
  await fetcher.close()
  const rest = { slim: false, keyring: null, sources: [] }
  await mkdir(join(folder, 'project'))
  const lock = lockOf(root.request, set, rest, () => undefined)
  await writeFile(join(folder, 'project/packages.lock'), lockText(lock))
  return { folder, keyring, put, files, signer }
}

test('nothing new gives 0; what is newer, new and gone is named and gives 1, as text and as JSON', async () => {
  const { folder, keyring, put } = await locked()
  const words = ['project', '--keyring', keyring]
  const [none, all] = await run(folder, ...words)
  expect(all).toContain('All 3 packages are the newest')
  expect(none).toBe(0)
  await put([
    ['base-files 12 required', { Depends: 'libc6' }],
    ['libc6 2.36+deb12u1 required', { Depends: 'libgcc' }],
    ['libgcc 1'],
    ['apt 2.6 important'],
  ])
  const [code, text] = await run(folder, ...words)
  expect(text).toMatch(/^newer {4}libc6 {2}2\.36 -> 2\.36\+deb12u1$/m)
  expect(text).toMatch(/^added {4}libgcc {2}1$/m)
  expect(code).toBe(1)
  const [, json] = await run(folder, ...words, '--json')
  expect(JSON.parse(json)).toMatchObject({
    newer: [{ name: 'libc6', from: '2.36', to: '2.36+deb12u1' }],
    added: [{ name: 'libgcc' }],
    removed: [],
    indexes: [{ suite: 'bookworm' }],
  })
})

test('what keeps it from knowing is never taken for outdated', async () => {
  const { folder, keyring, files } = await locked()
  expect(await run(folder, 'absent')).toEqual([2, expect.stringContaining('There is no file')])
  files.set('debian/dists/bookworm/InRelease', Buffer.from('unsigned'))
  const [code, text] = await run(folder, 'project', '--keyring', keyring)
  expect(text).toContain('The index of bookworm')
  expect(code).toBe(3)
  await writeFile(join(folder, 'bad.lock'), '{}')
  expect((await run(folder, 'bad.lock'))[0]).toBe(2)
})

test('an index that is older than one seen before is refused as a replay', async () => {
  const { folder, keyring, files, signer } = await locked()
  const old = new Map(files)
  const later = new Date(MADE.getTime() + 3_600_000)
  const suites = { 'debian/dists/bookworm': { rows: BASE } }
  for (const [path, bytes] of await archiveOf(suites, signer, later)) files.set(path, bytes)
  const words = ['project', '--keyring', keyring]
  expect((await run(folder, ...words))[0]).toBe(0)
  for (const [path, bytes] of old) files.set(path, bytes)
  const [code, text] = await run(folder, ...words)
  expect(text).toContain(' UTC, 1 hour older than one of ')
  expect(text).toContain('or somebody is replaying an old one')
  expect(text).toContain('another mirror with --mirror URL')
  expect(code).toBe(3)
})
