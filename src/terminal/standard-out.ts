import type { Writable } from 'node:stream'
import { fstatSync, writeSync } from '../node-fs.ts'
import { outOf, type Out } from '../show/out.ts'
import { printableColours } from '../text/printable.ts'
import { drained } from '../text/drained.ts'

/** A standard stream as a place for text that knows whether all of it arrived. */
export interface StandardOut extends Out {
  /** Resolves, when all was written, to why something could not be; null when all was, or its reader had gone away. */
  readonly failure: () => Promise<Error | null>
}

/**
 * Returns a standard stream as a place for text. A file is written to here: Node's own stream takes a part that a full
 * disk still took for the whole (seen with Node 20.20).
 */
export const standardOut = (fd: 1 | 2, stream: () => Writable): StandardOut => {
  const kind = kindOf(fd)
  if (kind === 'file' || (kind === 'device' && !isTerminal(fd))) return fileOut(fd)
  return kind === 'pipe' ? pipeOut(fd, stream) : streamOut(stream())
}

/** Returns how many columns a standard stream shows; undefined when it is not a terminal. */
export const columnsOf = (fd: 1 | 2): number | undefined => {
  const kind = kindOf(fd)
  return kind === 'file' || kind === 'pipe' ? undefined : streamOf(fd).columns
}

const kindOf = (fd: number): 'file' | 'device' | 'pipe' | null => {
  try {
    const found = fstatSync(fd)
    if (found.isFile()) return 'file'
    if (found.isCharacterDevice()) return 'device'
    return found.isFIFO() || found.isSocket() ? 'pipe' : null
  } catch {
    return null
  }
}

const streamOf = (fd: 1 | 2): NodeJS.WriteStream => (fd === 1 ? process.stdout : process.stderr)

const isTerminal = (fd: 1 | 2): boolean => streamOf(fd).isTTY

const fileOut = (fd: number): StandardOut => {
  let failed: Error | null = null
  const write = (text: string): void => {
    failed ??= writeAll(fd, Buffer.from(printableColours(text))).error
  }
  return { write, failure: async () => failed }
}

/** The last text goes to a pipe at once, because making Node's stream for it takes as long as the rest of `--help`. */
const pipeOut = (fd: number, stream: () => Writable): StandardOut => {
  let made: StandardOut | null = null
  let failed: Error | null = null
  const write = (text: string, last?: 'last'): void | Promise<void> => {
    if (last === undefined || made !== null) return (made ??= streamOut(stream())).write(text)
    const { rest, error } = writeAll(fd, Buffer.from(printableColours(text)))
    if (error === null || isCode(error, 'EPIPE')) return
    if (!isCode(error, 'EAGAIN')) {
      failed = error
      return
    }
    // Somebody who shares the pipe has set it to take no more than there is room for: the stream waits for that.
    made = streamOut(stream())
    if (!stream().write(rest)) return drained(stream())
  }
  return { write, failure: async () => failed ?? made?.failure() ?? null }
}

/** Writes until all is written or something is in the way: what of the text is left then, and the error. */
const writeAll = (fd: number, bytes: Buffer): { rest: Buffer; error: Error | null } => {
  let at = 0
  try {
    while (at < bytes.length) at += writeSync(fd, bytes, at)
    return { rest: bytes.subarray(at), error: null }
  } catch (error) {
    return { rest: bytes.subarray(at), error: error as Error }
  }
}

const isCode = (error: Error, code: string): boolean => 'code' in error && error.code === code

const failures = new WeakMap<Writable, Error>()
const watched = new WeakSet<Writable>()

const streamOut = (stream: Writable): StandardOut => {
  if (!watched.has(stream)) stream.on('error', error => failures.set(stream, error))
  watched.add(stream)
  const failure = async (): Promise<Error | null> => {
    if (stream.writable && !stream.destroyed && stream.writableLength > 0) await flushed(stream)
    const found = failures.get(stream) ?? null
    return found !== null && isCode(found, 'EPIPE') ? null : found
  }
  return { ...outOf(stream), failure }
}

// A reader that stands still keeps us waiting, as it does anybody who writes to it.
const flushed = (stream: Writable): Promise<void> =>
  new Promise(resolve => {
    stream.once('close', resolve)
    stream.write('', () => resolve())
  })
