import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { hashed } from '../../tar/streams.ts'
import type { TarEntry } from '../../tar/read.ts'
import { conffilePaths } from '../deb/dpkg-status.ts'
import { BootstrapError } from '../errors.ts'
import { readDeb } from './deb.ts'
import type { ControlFile } from './deb.ts'
import { BATCH } from './messages.ts'
import type { BatchPart, EntryHead, FromWorker, Job } from './messages.ts'
import { named, refuse } from './refuse.ts'
import { safePath } from './safe-path.ts'

/** Sends what was read; resolves when more may come. */
export type Send = (message: FromWorker, transfer?: readonly ArrayBuffer[]) => Promise<void>

const CHUNK = 256 * 1024
const MOST_ENTRIES = 1_000_000

/**
 * Reads a package from the cache, checks its hash as it is read, and sends its parts in order, the end last. Throws
 * BootstrapError when it is refused or its bytes are not those of its hash.
 */
export const readPackage = async (job: Job, send: Send): Promise<void> => {
  const hash = createHash('sha256')
  const file = createReadStream(job.path, { highWaterMark: CHUNK })
  const batch = batcher(job, send)
  const sums = new Map<string, string>()
  let conffiles: ReadonlySet<string> = new Set()
  let sumsAll = false
  let entries = 0
  await readDeb(hashed(file as AsyncIterable<Buffer>, hash), job, {
    control: async files => {
      conffiles = new Set(conffilePaths(textOf(files, 'conffiles')).map(path => path.slice(1)))
      sumsAll = !files.some(({ name }) => name === 'md5sums')
      await send({ kind: 'control', id: job.id, files })
    },
    entry: async entry => {
      if (++entries > MOST_ENTRIES)
        throw refuse('bomb', job.what, 'it has more than a million files')
      const head = headOf(entry, job.what)
      await batch.entry(head)
      const isSummed = sumsAll || conffiles.has(head.path)
      const sum = isSummed && head.kind === 'file' ? createHash('md5') : null
      await sendBody(entry, batch, sum)
      const digest = sum === null ? linkedSum(head, sums) : sum.digest('hex')
      if (digest !== undefined) sums.set(`/${head.path}`, digest)
    },
  })
  if (hash.digest('hex') !== job.sha256) throw changed(job)
  await batch.flush()
  await send({ kind: 'end', id: job.id, md5: sums })
}

const linkedSum = (
  { kind, link }: EntryHead,
  sums: ReadonlyMap<string, string>,
): string | undefined => (kind === 'hardlink' ? sums.get(`/${link}`) : undefined)

const textOf = (files: readonly ControlFile[], name: string): string =>
  files.find(file => file.name === name)?.bytes.toString() ?? ''

const changed = ({ what }: Job): BootstrapError =>
  new BootstrapError('cache-damaged', `${what} changed in the cache while it was read.`, [
    'Run it again: the package is then fetched again.',
  ])

const headOf = (entry: TarEntry, what: string): EntryHead => {
  const path = safePath(entry.pathBytes.toString('latin1'), what)
  const { kind, mode, uid, gid, mtime, size } = entry
  if (!KINDS.includes(kind)) {
    throw refuse('entry-unsafe', what, `${named(path)} is a ${kind}, which no package may hold`)
  }
  if (path === '' && kind !== 'directory') {
    throw refuse('entry-unsafe', what, 'it holds a file in place of the root')
  }
  if (uid < 0 || gid < 0) throw refuse('entry-unsafe', what, `${named(path)} has an odd owner`)
  const target = entry.linkBytes.toString('latin1')
  const link = kind === 'hardlink' ? safePath(target, what) : target
  return { path, kind, mode, uid, gid, mtime, size, link, xattrs: [...entry.xattrs] }
}

const KINDS: readonly string[] = ['file', 'directory', 'symlink', 'hardlink']

const sendBody = async (entry: TarEntry, batch: Batcher, sum: Hash | null): Promise<void> => {
  for await (const chunk of entry.body) {
    sum?.update(chunk)
    await batch.body(chunk)
  }
}

interface Batcher {
  readonly entry: (head: EntryHead) => Promise<void>
  readonly body: (chunk: Uint8Array) => Promise<void>
  readonly flush: () => Promise<void>
}

const MOST_PARTS = 500

// Few large messages cost less than many small ones.
const batcher = ({ id }: Job, send: Send): Batcher => {
  let buffer = new Uint8Array(BATCH)
  let used = 0
  let parts: BatchPart[] = []
  const flush = async (): Promise<void> => {
    if (parts.length === 0) return
    const bytes = buffer.subarray(0, used)
    const sent = parts
    const whole = buffer
    buffer = new Uint8Array(BATCH)
    used = 0
    parts = []
    await send({ kind: 'batch', id, parts: sent, bytes }, [whole.buffer])
  }
  const entry = async (head: EntryHead): Promise<void> => {
    if (parts.length >= MOST_PARTS) await flush()
    parts.push(head)
  }
  const body = async (chunk: Uint8Array): Promise<void> => {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + BATCH - used)
      buffer.set(part, used)
      used += part.length
      at += part.length
      parts.push(part.length)
      if (used === BATCH) await flush()
    }
  }
  return { entry, body, flush }
}
