import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { planEntries } from './layer-paths.ts'
import type { PlannedEntry } from './layer-paths.ts'
import { abortable } from '../tar/streams.ts'
import { endOfTar, padding } from '../tar/block.ts'
import { tarHeader } from '../tar/write.ts'
import type { ImageFile } from './types.ts'

/** A layer before any file is read: its entries in order, and the bytes its tar will have. */
export interface LayerPlan {
  readonly entries: readonly SizedEntry[]
  readonly layerBytes: number
  readonly contentBytes: number
}

interface SizedEntry {
  readonly entry: PlannedEntry
  readonly header: Buffer
  readonly size: number
}

/**
 * Returns the entries of a layer sorted by the bytes of their paths, parent directories added (0755, /tmp 1777, owned by 0).
 * @throws Error when a path cannot be in an image, or a source is not a regular file.
 */
export const planLayer = async (files: readonly ImageFile[]): Promise<LayerPlan> => {
  const entries: SizedEntry[] = []
  for (const entry of planEntries(files)) entries.push(await sized(entry))
  const bodies = entries.map(each => each.header.length + each.size + padding(each.size).length)
  return {
    entries,
    layerBytes: sum(bodies) + endOfTar().length,
    contentBytes: sum(entries.map(each => each.size)),
  }
}

/** Returns the bytes of a layer's tar. @throws Error when a source has changed its size since it was planned. */
export const layerChunks = async function* (
  plan: LayerPlan,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for (const each of plan.entries) {
    signal?.throwIfAborted()
    yield each.header
    if (each.entry.file !== null) yield* abortable(contentOf(each.entry.file, each.size), signal)
    yield padding(each.size)
  }
  yield endOfTar()
}

const sized = async (entry: PlannedEntry): Promise<SizedEntry> => {
  const size = entry.file === null ? 0 : await sizeOf(entry.file)
  const { path, mode, uid, gid } = entry
  const kind = entry.file === null ? 'directory' : 'file'
  return { entry, size, header: tarHeader({ path, kind, mode, uid, gid, size }) }
}

const sizeOf = async (file: ImageFile): Promise<number> => {
  if ('bytes' in file.source) return file.source.bytes.length
  const found = await stat(file.source.path)
  if (!found.isFile()) throw new Error(`${file.source.path} is not a regular file`)
  return found.size
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

const contentOf = async function* (file: ImageFile, size: number): AsyncGenerator<Uint8Array> {
  if ('bytes' in file.source) return yield* [file.source.bytes]
  let bytes = 0
  for await (const chunk of createReadStream(file.source.path, { highWaterMark: 256 * 1024 })) {
    bytes += (chunk as Buffer).length
    if (bytes > size) break
    yield chunk as Buffer
  }
  if (bytes !== size) throw new Error(`${file.source.path} changed while it was read`)
}
