import { posix } from 'node:path'
import { tarEntries } from '../tar/read.ts'
import { abortable, type Chunks } from '../tar/streams.ts'
import { examineArchive } from './inspect.ts'
import { layerOf, onlyImage } from './unpack.ts'

/** What is longer is not kept in memory. */
const MOST = 1024 * 1024

/**
 * Returns a small file of an archive's one image as text, or null where it has none; `file` is absolute. It may be a link to
 * a file of the same name elsewhere, as /etc/os-release is. The whole archive is verified first. Throws as unpackArchive
 * does.
 */
export const fileIn = async (
  archive: string,
  file: string,
  signal?: AbortSignal,
): Promise<string | null> => {
  const examined = await examineArchive(archive, signal)
  const image = onlyImage(archive, examined, undefined)
  const found = new Map<string, { readonly text: string; readonly link: string }>()
  for (const layer of examined.links.get(image.id)?.layers ?? [])
    for await (const entry of tarEntries(
      abortable(await layerOf(examined.source, layer), signal),
    )) {
      const path = posix.join('/', entry.path)
      if (posix.basename(path) !== posix.basename(file)) continue
      const isText = entry.kind === 'file' && entry.size <= MOST
      found.set(path, { text: isText ? await textOf(entry.body) : '', link: entry.linkPath })
    }
  const { link = '', text = null } = found.get(file) ?? {}
  if (link === '') return text
  return found.get(posix.resolve(posix.dirname(file), link))?.text ?? null
}

const textOf = async (body: Chunks): Promise<string> => {
  const parts: Uint8Array[] = []
  for await (const chunk of body) parts.push(Uint8Array.from(chunk))
  return Buffer.concat(parts).toString()
}
