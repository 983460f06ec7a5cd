import { tarEntries } from '../../tar/read.ts'

/** A file of a tar that fits into memory. */
export interface SmallFile {
  /** As the tar has it, not to be trusted. */
  readonly path: string
  readonly bytes: Buffer
  /** Seconds since 1970. */
  readonly mtime: number
}

/** Returns the regular files of a tar in memory, in order; its end may be missing. Throws TarProblem when it is damaged. */
export const smallFiles = async (tar: Buffer): Promise<SmallFile[]> => {
  const files: SmallFile[] = []
  for await (const entry of tarEntries(streamOf(tar))) {
    if (entry.kind !== 'file') continue
    const chunks: Uint8Array[] = []
    for await (const chunk of entry.body) chunks.push(chunk)
    files.push({ path: entry.path, bytes: Buffer.concat(chunks), mtime: entry.mtime })
  }
  return files
}

/** Returns bytes as a stream of one chunk. */
export const streamOf = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
