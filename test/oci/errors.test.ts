import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { NotAnArchive } from '../../src/oci/errors.ts'
import { inspectArchive } from '../../src/oci/inspect.ts'
import type { ArchiveFacts } from '../../src/oci/types.ts'
import { madeTar } from './make-tar.ts'
import { room } from './room.ts'

const inspected = async (bytes: Buffer): Promise<ArchiveFacts> => {
  const path = join(await room(), 'archive')
  await writeFile(path, bytes)
  return inspectArchive(path)
}

const small = madeTar([{ path: 'hello', body: 'hi' }])

const others: readonly (readonly [string, Buffer, RegExp])[] = [
  ['an empty file', Buffer.alloc(0), /it is empty/],
  ['an executable', Buffer.from(`\x7fELF${'x'.repeat(600)}`), /it is an executable \(ELF\)/],
  ['a text', Buffer.from('hello'), /shorter than one block/],
  ['a long text', Buffer.from('hello'.repeat(500)), /does not begin like a tar/],
  ['zeros', Buffer.alloc(10_240), /begins with zeros/],
  ['a zip file', Buffer.from('PK\x03\x04'), /it is a zip file/],
  ['gzipped text', gzipSync('hello'), /what gzip compressed in it is shorter/],
  ['gzip in gzip', gzipSync(gzipSync(small)), /is gzip data again/],
  ['damaged gzip', Buffer.from('1f8b0800ffff', 'hex'), /gzip data is damaged or truncated/],
  ['another tar', madeTar([{ path: 'a', body: 'b' }]), /has neither the index\.json/],
  [
    'a tar with the manifest.json of something else',
    madeTar([{ path: 'manifest.json', body: '{"name":"an extension"}' }]),
    /has neither the index\.json/,
  ],
]
for (const [name, bytes, why] of others) {
  test(`${name} is no archive, and the message says why`, async () => {
    const error = await inspected(bytes).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(NotAnArchive)
    expect(String(error)).toMatch(why)
  })
}

test('a directory is no archive and a missing file is the system error', async () => {
  const at = await room()
  await expect(inspectArchive(at)).rejects.toThrow('it is a directory')
  await expect(inspectArchive(join(at, 'missing'))).rejects.toThrow('ENOENT')
})
