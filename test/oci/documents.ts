import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectArchive } from '../../src/oci/inspect.ts'
import type { ArchiveFacts } from '../../src/oci/types.ts'
import { configFor, digestOf, madeTar, type Made } from './make-tar.ts'
import { room } from './room.ts'

/** Inspects a tar. */
export const inspectedTar = async (tar: Buffer): Promise<ArchiveFacts> => {
  const path = join(await room(), 'archive')
  await writeFile(path, tar)
  return inspectArchive(path)
}

/** Inspects the archive of these files. */
export const inspected = (entries: readonly Made[]): Promise<ArchiveFacts> =>
  inspectedTar(madeTar(entries))

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

/** Where a layout keeps these bytes. */
export const nameOf = (bytes: Buffer): string => `blobs/${digestOf(bytes).replace(':', '/')}`

/** These bytes as a file of a layout. */
export const blob = (body: Buffer): Made => ({ path: nameOf(body), body })

/** A descriptor of these bytes. */
export const of = (bytes: Buffer, more: object = {}): object => ({
  digest: digestOf(bytes),
  size: bytes.length,
  ...more,
})

/** A layer, and the config and manifest of an image of it. */
export const LAYER = madeTar([{ path: 'hello', body: 'hi' }])
export const CONFIG = configFor([LAYER])
export const MANIFEST = json({ config: of(CONFIG), layers: [of(LAYER)] })
export const PARTS: readonly Made[] = [blob(LAYER), blob(CONFIG), blob(MANIFEST)]

/** What is told of an archive that is right. */
export const RIGHT = { verdict: 'right', problems: [], notLookedAt: [], notes: [] }
