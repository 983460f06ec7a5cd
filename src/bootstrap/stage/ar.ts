import { TarProblem } from '../../tar/problem.ts'
import { byteReader } from '../../tar/streams.ts'
import type { ByteReader, Chunks } from '../../tar/streams.ts'

/** A member of an ar archive, as a .deb is one. */
export interface ArMember {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** What is not read of it is skipped. */
  readonly body: Chunks
}

const MAGIC = '!<arch>\n'
const HEADER = 60
const CHUNK = 256 * 1024

/**
 * Returns the members of an ar archive in order (the common format, deb(5)); no more than a chunk is held.
 * Throws TarProblem when it is none, is cut or has a damaged header.
 */
export const arMembers = async function* (chunks: Chunks): AsyncGenerator<ArMember> {
  const reader = byteReader(chunks)
  try {
    if ((await reader.take(MAGIC.length)).toString('latin1') !== MAGIC) {
      throw new TarProblem('it is not a Debian package')
    }
    for (;;) {
      const header = await reader.take(HEADER)
      if (header.length === 0) return
      const { name, size } = fieldsOf(header)
      const body = bodyOf(reader, name, size)
      yield { name, size, body: body.chunks }
      await body.finish()
    }
  } finally {
    await reader.close()
  }
}

const fieldsOf = (header: Buffer): { readonly name: string; readonly size: number } => {
  if (header.length < HEADER) throw new TarProblem('it ends early')
  const text = header.toString('latin1')
  const size = text.slice(48, 58).trim()
  if (!text.endsWith('`\n') || !/^\d{1,10}$/.test(size)) {
    throw new TarProblem('it has a damaged member header')
  }
  return { name: text.slice(0, 16).trimEnd().replace(/\/$/, ''), size: Number(size) }
}

interface Body {
  readonly chunks: Chunks
  readonly finish: () => Promise<void>
}

const bodyOf = (reader: ByteReader, name: string, size: number): Body => {
  let remaining = size
  const part = async (): Promise<Buffer> => {
    const bytes = await reader.some(Math.min(remaining, CHUNK))
    if (bytes.length === 0) throw new TarProblem(`it ends within ${name.replace(/[^\w.+-]/g, '?')}`)
    remaining -= bytes.length
    return bytes
  }
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (remaining === 0) return
      yield await part()
    }
  }
  const finish = async (): Promise<void> => {
    for (;;) {
      if (remaining === 0) break
      await part()
    }
    // Members begin at even places; the last one's filler may be left out.
    if (size % 2 === 1) await reader.take(1)
  }
  return { chunks: { [Symbol.asyncIterator]: chunks }, finish }
}
