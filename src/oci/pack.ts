import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { blobPath, imageDocuments, indexDocuments } from './config.ts'
import type { Blob, ImageDocuments, Member } from './config.ts'
import { layerMeter } from './layer-meter.ts'
import { layerChunks, planLayer } from './layer.ts'
import { emptyTally, tallyLayer } from './layer-tally.ts'
import { writeTo, type Chunks } from '../tar/streams.ts'
import { BLOCK, endOfTar, padding } from '../tar/block.ts'
import { tarHeader } from '../tar/write.ts'
import type { ImageNotes, ImageSpec, LayerSizes, PackedImage, PackedIndex } from './types.ts'

/**
 * Writes an image as one archive that `docker load`, `podman load` and skopeo read: an OCI image layout and a
 * docker-archive over the same blobs. The same spec gives the same bytes. The archive appears whole or not at all.
 * @throws Error when a file of the spec cannot be in an image or cannot be read, or `out` cannot be written; the
 * signal's reason when aborted.
 */
export const packImage = async (
  image: ImageSpec,
  out: string,
  signal?: AbortSignal,
): Promise<PackedImage> => {
  signal?.throwIfAborted()
  const plan = await planLayer(image.files)
  const write = (tar: TarFile) =>
    writeLayer(tar, layerChunks(plan, signal), async () => plan.contentBytes)
  return packWith(image, write, out, signal)
}

/**
 * The same for one image for several platforms, each of its own architecture: an image index over them, in their order.
 * What knows no index finds the image of `own` alone. Returns what was packed of each, and the index's digest.
 */
export const packImages = async (
  images: readonly ImageSpec[],
  own: string,
  out: string,
  signal?: AbortSignal,
): Promise<PackedIndex> =>
  writeWith(out, signal, async file => {
    const tar = await beginTar(file)
    const members: Member[] = []
    const packed: Omit<PackedImage, 'archiveBytes'>[] = []
    for (const spec of images) {
      const plan = await planLayer(spec.files)
      const layer = await writeLayer(tar, layerChunks(plan, signal), async () => plan.contentBytes)
      const documents = imageDocuments(spec, layer)
      members.push({ spec, layer, documents })
      packed.push({ ...idsOf(documents), ...layer })
    }
    const [first, ...others] = members
    if (first === undefined) throw new Error('there is no image to pack')
    const chosen = members.find(({ spec }) => spec.arch === own) ?? first
    const { index, files } = indexDocuments([first, ...others], chosen)
    const blobs = members.flatMap(({ documents }) => [documents.config, documents.manifest])
    await writeDocuments(tar, [...blobs, index], files)
    return {
      images: packed,
      own: packed[members.indexOf(chosen)]!,
      digest: index.digest,
      archiveBytes: await tar.end(),
    }
  })

/**
 * The same for a layer that comes as a tar, such as a root filesystem; it is read once, and may be bigger than memory.
 * Unless it is `weighed`, compressedBytes is 0: compressing it all takes longer than the rest.
 * @throws also TarProblem when the tar is damaged or truncated.
 */
export const packLayer = async (
  image: ImageNotes,
  layer: Chunks,
  out: string,
  signal?: AbortSignal,
  weighed = true,
): Promise<PackedImage> => {
  const tally = emptyTally()
  const copy = new PassThrough()
  const counted = tallyLayer(copy, tally)
  // It is waited for at the end; until then its failure is not unheard.
  counted.catch(() => undefined)
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of layer) {
      await Promise.race([writeTo(copy, chunk), counted])
      yield chunk
    }
    copy.end()
  }
  const write = (tar: TarFile) =>
    writeLayer(tar, chunks(), async () => counted.then(() => tally.contentBytes), weighed)
  return packWith(image, write, out, signal)
}

type WriteLayer = (tar: TarFile) => Promise<LayerSizes>

const packWith = (
  image: ImageNotes,
  write: WriteLayer,
  out: string,
  signal: AbortSignal | undefined,
): Promise<PackedImage> => writeWith(out, signal, file => writeArchive(file, image, write))

/** The archive appears whole or not at all. */
const writeWith = async <T>(
  out: string,
  signal: AbortSignal | undefined,
  write: (file: FileHandle) => Promise<T>,
): Promise<T> => {
  signal?.throwIfAborted()
  const partial = siblingOf(out)
  const file = await open(partial, 'wx')
  try {
    const packed = await write(file)
    await file.sync()
    await file.close()
    signal?.throwIfAborted()
    await rename(partial, out)
    return packed
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(partial, { force: true })
    throw error
  }
}

const siblingOf = (out: string): string =>
  join(dirname(out), `.${basename(out).slice(0, 100)}.${randomBytes(6).toString('hex')}.partial`)

const writeArchive = async (
  file: FileHandle,
  image: ImageNotes,
  write: WriteLayer,
): Promise<PackedImage> => {
  const tar = await beginTar(file)
  const layer = await write(tar)
  const documents = imageDocuments(image, layer)
  await writeDocuments(tar, [documents.config, documents.manifest], documents.files)
  return { ...idsOf(documents), ...layer, archiveBytes: await tar.end() }
}

const beginTar = async (file: FileHandle): Promise<TarFile> => {
  const tar = tarFile(file)
  await tar.directory('blobs/')
  await tar.directory('blobs/sha256/')
  return tar
}

const idsOf = ({ config, manifest }: ImageDocuments) => ({
  id: config.digest,
  manifestDigest: manifest.digest,
})

// The layer's digest is its name, known once it is written: the header's block is left out and filled afterwards.
const writeLayer = async (
  tar: TarFile,
  chunks: AsyncIterable<Uint8Array>,
  contentBytes: () => Promise<number>,
  weighed = true,
): Promise<LayerSizes> => {
  const meter = layerMeter(weighed)
  try {
    const fillHeader = await tar.reserveHeader()
    for await (const chunk of chunks) {
      await Promise.all([meter.add(chunk), tar.append(chunk)])
    }
    const sizes = await meter.end()
    await fillHeader(blobPath(sizes.diffId), sizes.layerBytes)
    return { ...sizes, contentBytes: await contentBytes() }
  } finally {
    meter.close()
  }
}

const writeDocuments = async (
  tar: TarFile,
  blobs: readonly Blob[],
  files: ImageDocuments['files'],
): Promise<void> => {
  for (const each of [...blobs].sort((a, b) => (a.digest < b.digest ? -1 : 1)))
    await tar.file(blobPath(each.digest), each.bytes)
  for (const [name, bytes] of Object.entries(files)) await tar.file(name, bytes)
}

/** A tar that is being written to a file. */
interface TarFile {
  readonly append: (bytes: Uint8Array) => Promise<void>
  readonly directory: (path: string) => Promise<void>
  readonly file: (path: string, bytes: Buffer) => Promise<void>
  /** Leaves room for a header of one block; the function that it gives fills it. */
  readonly reserveHeader: () => Promise<(path: string, size: number) => Promise<void>>
  /** Ends the tar and returns its bytes. */
  readonly end: () => Promise<number>
}

const tarFile = (file: FileHandle): TarFile => {
  let at = 0
  const append = async (bytes: Uint8Array): Promise<void> => {
    const start = at
    at += bytes.length
    await writeAll(file, bytes, start)
  }
  const reserveHeader: TarFile['reserveHeader'] = async () => {
    const start = at
    await append(Buffer.alloc(BLOCK))
    return (path, size) => writeAll(file, fileHeader(path, size), start)
  }
  const end = async (): Promise<number> => {
    await append(endOfTar())
    return at
  }
  return {
    append,
    reserveHeader,
    end,
    directory: path =>
      append(tarHeader({ path, kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 })),
    file: (path, bytes) =>
      append(Buffer.concat([fileHeader(path, bytes.length), bytes, padding(bytes.length)])),
  }
}

const fileHeader = (path: string, size: number): Buffer =>
  tarHeader({ path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size })

const writeAll = async (file: FileHandle, bytes: Uint8Array, start: number): Promise<void> => {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, start + done)
    done += bytesWritten
  }
}
