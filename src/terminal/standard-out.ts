import { fstatSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { outOf, type Out } from '../show/out.ts'
import { printableColours } from '../text/printable.ts'

/** A standard stream as a place for text that knows whether all of it arrived. */
export interface StandardOut extends Out {
  /** Resolves, when all was written, to why something could not be; null when all was, or its reader had gone away. */
  readonly failure: () => Promise<Error | null>
}

/**
 * Returns a standard stream as a place for text. A file is written to here: Node's own stream takes a part that a full
 * disk still took for the whole (seen with Node 20.20).
 */
export const standardOut = (fd: 1 | 2, stream: () => Writable): StandardOut =>
  isPlainFile(fd) ? fileOut(fd) : streamOut(stream())

const isPlainFile = (fd: number): boolean => {
  try {
    const found = fstatSync(fd)
    return found.isFile() || (found.isCharacterDevice() && !isTerminal(fd))
  } catch {
    return false
  }
}

const isTerminal = (fd: number): boolean => (fd === 1 ? process.stdout : process.stderr).isTTY

const fileOut = (fd: number): StandardOut => {
  let failed: Error | null = null
  const write = (text: string): void => {
    const bytes = Buffer.from(printableColours(text))
    try {
      if (failed !== null) return
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at, bytes.length - at)
    } catch (error) {
      failed = error as Error
    }
  }
  return { write, failure: async () => failed }
}

const failures = new WeakMap<Writable, Error>()
const watched = new WeakSet<Writable>()

const streamOut = (stream: Writable): StandardOut => {
  if (!watched.has(stream)) stream.on('error', error => failures.set(stream, error))
  watched.add(stream)
  const failure = async (): Promise<Error | null> => {
    if (stream.writable && !stream.destroyed && stream.writableLength > 0) await flushed(stream)
    const found = failures.get(stream) ?? null
    return found !== null && 'code' in found && found.code === 'EPIPE' ? null : found
  }
  return { ...outOf(stream), failure }
}

// A reader that stands still keeps us waiting, as it does anybody who writes to it.
const flushed = (stream: Writable): Promise<void> =>
  new Promise(resolve => {
    stream.once('close', resolve)
    stream.write('', () => resolve())
  })
