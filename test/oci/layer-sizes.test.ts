import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { layerSizes } from '../../src/oci/layer-sizes.ts'
import { packImage } from '../../src/oci/pack.ts'
import { digestOf } from './make-tar.ts'
import { room, specOf, textFile } from './room.ts'

test('the sizes and the diffID are those of the layer that is packed', async () => {
  const at = await room()
  const files = [textFile('usr/bin/hello', 'x'.repeat(1000)), textFile('etc/motd', 'hi')]
  const packed = await packImage(specOf(files), join(at, 'image.tar'))
  const archive = await readFile(join(at, 'image.tar'))
  const start = archive.indexOf('etc/\0')
  const tar = archive.subarray(start, start + packed.layerBytes)
  expect(await layerSizes(files)).toEqual({
    layerBytes: 5 * 512 + 512 + 1024 + 1024,
    contentBytes: 1002,
    compressedBytes: gzipSync(tar, { level: 9 }).length,
    diffId: digestOf(tar),
  })
  expect((await inspectArchive(join(at, 'image.tar'))).images[0]?.layers[0]?.bytes).toBe(tar.length)
})

test('a source is read in pieces and counted as it is', async () => {
  const at = await room()
  await writeFile(join(at, 'big'), Buffer.alloc(3_000_001, 'abc'))
  const file = { path: 'big', source: { path: join(at, 'big') }, mode: 0o644 }
  const same = { ...file, source: { bytes: Buffer.alloc(3_000_001, 'abc') } }
  expect(await layerSizes([file])).toEqual(await layerSizes([same]))
})

test('a source that cannot be read is the system error', async () => {
  const at = await room()
  const file = { path: 'a', source: { path: join(at, 'missing') }, mode: 0o644 }
  await expect(layerSizes([file])).rejects.toThrow('ENOENT')
})
