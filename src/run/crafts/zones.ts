import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ZONE_ROOM } from '../../plan/names.ts'

import { CraftError } from './craft-error.ts'
import type { CraftContext, CraftResult } from './craft.ts'
import { makeOpenFolder, openModes, refuseLinks } from '../project/tree.ts'
import { counted } from '../../text/units.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** What is at a place among the zones that a program never asks for: other ways to count, and this machine's own zone. */
export const isLeftOut = (path: string): boolean => {
  const [first = ''] = path.split('/')
  return ['posix', 'right', 'localtime'].includes(first) || first.endsWith('.list')
}

/** What was collected: the number of files, and what was left out and why. */
export interface Collected {
  readonly files: number
  readonly lines: readonly string[]
}

/**
 * Collects zone files in a folder of their own, by `collect`, and puts them in place once they are complete.
 * Throws CraftError when no zones came, and when a link is in the way.
 */
export const placeZones = async (
  target: string,
  { project, signal }: CraftContext,
  collect: (room: string) => Promise<Collected>,
): Promise<CraftResult> => {
  const room = join(project.directory, ZONE_ROOM)
  await refuseLinks(project.directory, ZONE_ROOM)
  await refuseLinks(project.directory, target)
  await rm(room, { recursive: true, force: true })
  await makeFolders(room)
  try {
    const { files, lines } = await collect(room)
    signal.throwIfAborted()
    await checkZone(join(room, 'Europe', 'London'))
    await openModes(room)
    await makeOpenFolder(project.directory, dirname(target))
    await rm(join(project.directory, target), { recursive: true, force: true })
    await rename(room, join(project.directory, target))
    return { lines, result: counted(files, 'file') }
  } finally {
    await rm(room, { recursive: true, force: true })
  }
}

/** Opens a new file in the room, its folders made; its path is relative and has no `..`. */
export const openInRoom = async (room: string, path: string) => {
  await makeFolders(dirname(join(room, path)))
  return open(join(room, path), 'wx')
}

/** Every compiled zone begins with these letters (RFC 8536, section 3.1). */
const checkZone = async (path: string): Promise<void> => {
  const file = await open(path, 'r').catch(() => null)
  const { buffer } = (await file?.read(Buffer.alloc(4), 0, 4)) ?? { buffer: Buffer.alloc(0) }
  await file?.close()
  if (buffer.toString('latin1') === 'TZif') return
  throw new CraftError('no-zones', 'No time zones came: the file of Europe/London is missing.', [
    'On Debian or Ubuntu: sudo apt-get install --yes tzdata',
  ])
}
