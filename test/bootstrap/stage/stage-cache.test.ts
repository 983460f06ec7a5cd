import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cachedStage, keepingStage, stageKey } from '../../../src/bootstrap/stage/stage-cache.ts'
import { openStore } from '../../../src/bootstrap/fetch/cache/store.ts'
import type { Store } from '../../../src/bootstrap/fetch/cache/store.ts'
import type { PackageRecord } from '../../../src/bootstrap/types.ts'
import { newFolder } from '../fetch/server.ts'
import { inPieces, joined } from './made-deb.ts'

const KEY = 'a'.repeat(64)
const BYTES = Buffer.from('a first stage '.repeat(50_000))
const { signal } = new AbortController()

const newStore = async (): Promise<Store & { readonly notes: string[] }> => {
  const notes: string[] = []
  return { ...(await openStore(await newFolder(), note => notes.push(note))), notes }
}

const again = async (store: Store): Promise<Buffer | null> => {
  const found = await cachedStage(store, KEY, signal)
  return found === null ? null : joined(found)
}

test('what went through whole is there the next time, and nothing before that', async () => {
  const store = await newStore()
  expect(await again(store)).toBeNull()
  expect(BYTES.equals(await joined(keepingStage(inPieces(BYTES), store, KEY)))).toBe(true)
  expect(BYTES.equals((await again(store)) ?? Buffer.alloc(0))).toBe(true)
  expect(await readdir(join(store.folder, 'partial'))).toEqual([])
})

test('one that failed or was not read to its end is not kept', async () => {
  const store = await newStore()
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield BYTES
    throw new Error('a package was refused')
  }
  await expect(joined(keepingStage(failing(), store, KEY))).rejects.toThrow('refused')
  const early = keepingStage(inPieces(BYTES, 1000), store, KEY)
  await early.next()
  await early.return(undefined)
  expect(await again(store)).toBeNull()
  expect(await readdir(join(store.folder, 'partial'))).toEqual([])
})

test('a damaged one is told and made anew; a damaged note is none', async () => {
  const store = await newStore()
  await joined(keepingStage(inPieces(BYTES), store, KEY))
  const sha256 = await readFile(join(store.folder, 'stage', KEY), 'utf8')
  await writeFile(join(store.folder, 'sha256', sha256.slice(0, 2), sha256), 'damaged')
  expect(await again(store)).toBeNull()
  expect(store.notes).toEqual([expect.stringMatching(/damaged/)])
  for (const text of ['', '../../etc/passwd', 'x'.repeat(1000)]) {
    await writeFile(join(store.folder, 'stage', KEY), text)
    expect(await again(store)).toBeNull()
  }
})

test('the key depends on all that decides the bytes, and on no more', () => {
  const record = { sha256: 'b'.repeat(64), priority: 'required', section: 'base' } as PackageRecord
  const file = { path: 'x', mode: 0o644, bytes: Buffer.from('x') }
  const one = { packages: [record], files: [file], isMerged: true, epoch: 5 }
  const others = [
    { ...one, epoch: 6 },
    { ...one, isMerged: false },
    { ...one, packages: [{ ...record, sha256: 'c'.repeat(64) }] },
    { ...one, packages: [{ ...record, priority: 'optional' }] },
    { ...one, packages: [] },
    { ...one, files: [{ ...file, mode: 0o755 }] },
    { ...one, files: [{ ...file, bytes: Buffer.from('y') }] },
  ]
  expect(new Set([one, ...others].map(stageKey)).size).toBe(others.length + 1)
  expect(stageKey({ ...one, packages: [{ ...record, url: 'http://another/mirror' }] })).toBe(
    stageKey(one),
  )
})
