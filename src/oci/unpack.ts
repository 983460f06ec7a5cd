import { createHash } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { applyLayer } from './apply-layer.ts'
import { TarProblem } from '../tar/problem.ts'
import { compressionOf, decompressed } from '../tar/compression.ts'
import { BrokenArchive } from './errors.ts'
import { RefusedEntry, remove } from './inside.ts'
import { examineArchive } from './inspect.ts'
import type { Examined } from './inspect.ts'
import type { LayerLink } from './links.ts'
import type { ArchiveSource } from './source.ts'
import { abortable, hashed, head } from '../tar/streams.ts'
import type { Chunks } from '../tar/streams.ts'
import type { ImageFacts, UnpackedImage } from './types.ts'

/**
 * Extracts the one image of an archive, or the one for `arch` of several, into an empty directory (made if missing), never
 * outside of it, and returns what to run there. The whole archive is verified before anything is written, and each layer again while it is.
 * When it fails or is aborted the directory is left empty. Nobody else may write to the directory meanwhile.
 * @throws NotAnArchive when the file is something else; BrokenArchive when it is damaged, has several images, or
 * an entry leads out of the directory; the signal's reason when aborted.
 */
export const unpackArchive = async (
  path: string,
  directory: string,
  signal?: AbortSignal,
  arch?: string,
): Promise<UnpackedImage> => {
  const examined = await examineArchive(path, signal)
  const image = onlyImage(path, examined, arch)
  const root = await emptyDirectory(directory)
  try {
    await applyAll(examined, image, root, signal)
  } catch (error) {
    await empty(root)
    throw isRefusal(error) ? new BrokenArchive(path, [error.message]) : error
  }
  const { entrypoint, cmd, env, user, workdir } = image
  return { cmd: [...entrypoint, ...cmd], env: [...env], user, workdir }
}

/** Returns the image of an archive, or the one for `arch` of several. Throws BrokenArchive when there is no such image, or anything is wrong. */
export const onlyImage = (
  path: string,
  { facts }: Examined,
  arch: string | undefined,
): ImageFacts => {
  if (facts.problems.length > 0) throw new BrokenArchive(path, facts.problems)
  const unread = facts.notLookedAt.map(({ what, why }) => `${what}: ${why}`)
  if (unread.length > 0) throw new BrokenArchive(path, unread)
  const [image, ...others] = facts.images.filter(one => arch === undefined || one.arch === arch)
  if (image === undefined) throw new BrokenArchive(path, ['it holds no image'])
  if (others.length > 0) throw new BrokenArchive(path, ['it holds more than one image'])
  return image
}

const emptyDirectory = async (directory: string): Promise<string> => {
  await mkdir(directory, { recursive: true })
  const found = await readdir(directory)
  if (found.length > 0) throw new Error(`${directory} is not empty`)
  return resolve(directory)
}

const empty = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) await remove(join(root, name))
}

const isRefusal = (error: unknown): error is Error =>
  error instanceof RefusedEntry || error instanceof TarProblem

const applyAll = async (
  { source, links }: Examined,
  image: ImageFacts,
  root: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const layers = links.get(image.id)?.layers ?? []
  for (const [at, layer] of layers.entries()) {
    const hash = createHash('sha256')
    const chunks = abortable(await layerOf(source, layer), signal)
    await applyLayer(hashed(chunks, hash), root)
    if (`sha256:${hash.digest('hex')}` !== image.layers[at]?.diffId) {
      throw new TarProblem('it changed while it was read')
    }
  }
}

/** Returns a layer's tar, decompressed. Throws TarProblem. */
export const layerOf = async (source: ArchiveSource, { blob }: LayerLink): Promise<Chunks> => {
  if (blob?.isSparse === true) throw new TarProblem('its layer is stored with holes')
  const stored = (): Chunks => source.part(blob?.offset ?? 0, blob?.size ?? 0)
  const first = await head(stored(), 4)
  return decompressed(stored(), compressionOf(Buffer.concat(first)))
}
