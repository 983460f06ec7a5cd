import { tarEntries } from '../../tar/read.ts'
import type { TarEntry } from '../../tar/read.ts'
import type { Chunks } from '../../tar/streams.ts'
import { TarProblem } from '../../tar/problem.ts'
import { clampedTime, tarOf } from '../../tar/write.ts'
import type { HeaderSpec, WrittenEntry } from '../../tar/write.ts'
import { BootstrapError } from '../errors.ts'
import { gathered } from './gathered.ts'
import { EMPTIED, isDropped, isEmptied } from './leavings.ts'
import { refuse } from './refuse.ts'
import { safePath } from './safe-path.ts'

/** How an export becomes a layer. */
export interface FinishOptions {
  /** No time is later, and folders and links have this one: seconds since 1970. */
  readonly epoch: number
}

/**
 * Returns the layer's tar of a container's export, or of a tar of the tree: what engines and builds leave is dropped,
 * what identifies a machine is emptied, times are no later than the epoch, owners have no names, and extended attributes
 * stay the bytes they are. The same tree gives the same bytes by any engine. Memory is bounded by the number of entries.
 * Throws BootstrapError when the export is damaged, or no tree in the order of its paths.
 */
export const finishTar = async function* (
  exported: Chunks,
  options: FinishOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* gathered(tarOf(finished(exported, options)))
  } catch (error) {
    throw error instanceof TarProblem ? damaged(error) : error
  }
}

const WHAT = "The container's export"

const finished = async function* (
  exported: Chunks,
  { epoch }: FinishOptions,
): AsyncGenerator<WrittenEntry> {
  const kept = new Set<string>()
  const toCome: string[] = [...EMPTIED]
  let last = ''
  yield { spec: { ...FOLDER, path: './', mtime: epoch } }
  for await (const entry of tarEntries(exported, { strict: true })) {
    const path = safePath(entry.pathBytes.toString('latin1'), WHAT)
    if (path === '' || isDropped(path, entry.kind, entry.size)) continue
    if (!follows(path, last)) throw disordered()
    last = path
    while (toCome[0] !== undefined && follows(path, toCome[0]))
      yield emptyFile(toCome.shift() ?? '', epoch)
    kept.add(path)
    if (path !== toCome[0] || entry.kind === 'symlink') yield written(entry, path, epoch, kept)
    if (path === toCome[0] && entry.kind === 'symlink') toCome.shift()
  }
  if (kept.has('etc') && toCome.length === 0) return
  throw new BootstrapError('configure-failed', `${WHAT} does not hold a complete root filesystem.`)
}

const damaged = ({ message }: TarProblem): BootstrapError =>
  new BootstrapError('configure-failed', `${WHAT} is damaged: ${message}.`, [
    'Run the same command again. If it is damaged again: create-base-image doctor',
  ])

const FOLDER = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 } as const

const emptyFile = (path: string, mtime: number): WrittenEntry => ({
  spec: { path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime },
})

// Engines walk a tree folder by folder, names in the order of their bytes; another order would be another layer.
const follows = (path: string, last: string): boolean => sortKey(path) > sortKey(last)

const sortKey = (path: string): string => path.replaceAll('/', '\0')

const disordered = (): BootstrapError =>
  new BootstrapError('configure-failed', `${WHAT} is not in the order of its paths.`, [
    'Take --bootstrap debootstrap, and tell us which engine this is.',
  ])

const written = (
  entry: TarEntry,
  path: string,
  epoch: number,
  kept: ReadonlySet<string>,
): WrittenEntry => {
  const { kind, mode, uid, gid, device, xattrs } = entry
  if (kind === 'other') throw refuse('entry-unsafe', WHAT, 'it holds an entry of no known kind')
  const empties = kind === 'file' && isEmptied(path)
  const size = empties ? 0 : entry.size
  const bytes = Buffer.from(kind === 'directory' ? `${path}/` : path, 'latin1')
  const spec: HeaderSpec = {
    path: bytes,
    kind,
    mode,
    uid,
    gid,
    size,
    mtime: kind === 'file' ? clampedTime(entry.mtime, epoch) : epoch,
    linkPath: kind === 'hardlink' ? Buffer.from(shared(entry, kept), 'latin1') : entry.linkBytes,
    device,
    xattrs,
  }
  return kind === 'file' && size > 0 ? { spec, body: entry.body } : { spec }
}

const shared = (entry: TarEntry, kept: ReadonlySet<string>): string => {
  const target = safePath(entry.linkBytes.toString('latin1'), WHAT)
  if (kept.has(target)) return target
  throw refuse('entry-unsafe', WHAT, 'it holds a hard link to a file that is not in it')
}
