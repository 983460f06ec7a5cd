import { tarEntries, type TarEntry } from '../../tar/read.ts'
import { clampedTime, tarOf, type WrittenEntry } from '../../tar/write.ts'
import type { Chunks } from '../../tar/streams.ts'

/**
 * Returns the tar of a finished root filesystem, from what an engine exports of the container that configured it:
 * without what engines put there, without times later than `epoch` (seconds since 1970), owners by number, and of
 * extended attributes only capabilities, as bytes. The same files give the same bytes, whatever the engine.
 */
export const finishTar = (exported: Chunks, epoch: number): AsyncGenerator<Uint8Array> =>
  tarOf(finishedEntries(exported, epoch))

const finishedEntries = async function* (
  exported: Chunks,
  epoch: number,
): AsyncGenerator<WrittenEntry> {
  yield { spec: { ...FOLDER, path: './', mtime: epoch } }
  for await (const entry of tarEntries(exported)) {
    const path = entry.pathBytes.toString('latin1').replace(/^(?:\.?\/)+|^\.$|\/+$/g, '')
    if (path !== '' && (!isEngines(path) || KEPT.has(path))) yield finished(entry, path, epoch)
  }
  // Engines mount over these, so that they are in no export.
  for (const path of ['etc/hostname', 'etc/resolv.conf'])
    yield { spec: { ...EMPTY, path, mtime: epoch } }
}

const FOLDER = { kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0 } as const
const EMPTY = { kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0 } as const

/** What engines put into a container, and what only served the making. */
const isEngines = (path: string): boolean =>
  ENGINES.has(path) || /^(?:dev|proc|sys|run|\.create-base-image)\//.test(path)

/** Folders of base-files where engines put things too. */
const KEPT: ReadonlySet<string> = new Set(['run/lock'])

const ENGINES: ReadonlySet<string> = new Set([
  '.create-base-image',
  '.dockerenv',
  'etc/hostname',
  'etc/hosts',
  'etc/mtab',
  'etc/resolv.conf',
])

const finished = (entry: TarEntry, path: string, epoch: number): WrittenEntry => {
  const { kind, mode, uid, gid, size, device, linkBytes } = entry
  const known = kind === 'other' ? 'file' : kind
  const capability = entry.xattrs.get(CAPABILITY)
  const spec = {
    path: Buffer.from(known === 'directory' ? `${path}/` : path, 'latin1'),
    kind: known,
    mode,
    uid,
    gid,
    size: known === 'file' ? size : 0,
    mtime: clampedTime(entry.mtime, epoch),
    ...(linkBytes.length > 0 && { linkPath: linkBytes }),
    ...(known.endsWith('device') && { device }),
    ...(capability !== undefined && { xattrs: new Map([[CAPABILITY, capability]]) }),
  }
  return known === 'file' ? { spec, body: entry.body } : { spec }
}

const CAPABILITY = 'security.capability'
