import { expect, test } from 'vitest'
import { busyboxTar } from '../../../src/bootstrap/busybox/root.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { APPLETS, fakeBusybox } from './program.ts'

const busybox = {
  program: fakeBusybox(APPLETS),
  version: '1.35.0',
  libc: 'glibc' as const,
  from: 'Debian’s busybox-static 1:1.35.0-4',
  epoch: 1_700_000_000,
}

const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

test('BusyBox’s root filesystem is one program, its links, and the files that programs expect', async () => {
  const found = new Map<string, { kind: string; mode: number; text: string }>()
  for await (const entry of tarEntries(busyboxTar(busybox), { strict: true })) {
    const text = entry.kind === 'file' ? (await bytesOf(entry.body)).toString() : entry.linkPath
    expect(found.has(entry.path), entry.path).toBe(false)
    found.set(entry.path, { kind: entry.kind, mode: entry.mode, text })
  }
  expect(found.get('bin/busybox')).toMatchObject({ kind: 'file', mode: 0o755 })
  expect(found.get('bin/ls')).toMatchObject({ kind: 'symlink', text: '/bin/busybox' })
  expect(found.get('usr/bin/[[')).toMatchObject({ kind: 'symlink' })
  expect([...found.values()].filter(each => each.kind === 'symlink')).toHaveLength(APPLETS.length)
  expect(found.get('tmp/')?.mode).toBe(0o1777)
  expect(found.get('etc/shadow')?.text).toMatch(/^root:\*:/)
  expect(found.get('etc/os-release')?.text).toContain('VERSION_ID="1.35.0"')
})

test('the same program gives the same bytes', async () => {
  const [one, two] = [await bytesOf(busyboxTar(busybox)), await bytesOf(busyboxTar(busybox))]
  expect(one.equals(two)).toBe(true)
})
