import { copyFile, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Craft } from './craft.ts'
import { isLeftOut, placeZones, type Collected } from './zones.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Copies this machine's time zones, links made into files. A link that leads elsewhere is left out. */
export const copyZones: Craft<'copy-zones'> = (input, context) =>
  placeZones(input.folder, context, room => copyInto(room, input.from))

const copyInto = async (room: string, from: string): Promise<Collected> => {
  // On a Mac the folder itself is a link.
  const root = await realpath(from)
  const lines: string[] = []
  let files = 0
  for (const path of await pathsBelow(root, '')) {
    const real = await realpath(join(root, path)).catch(() => null)
    if (real === null || !real.startsWith(root + sep) || !(await stat(real)).isFile()) {
      lines.push(`left out ${path}: a link that leads to no zone file`)
      continue
    }
    await makeFolders(dirname(join(room, path)))
    await copyFile(real, join(room, path))
    files += 1
  }
  return { files, lines }
}

/** The files and links below a folder, relative, `/` between the parts; links are not followed. */
const pathsBelow = async (root: string, folder: string): Promise<string[]> => {
  const found: string[] = []
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (isLeftOut(path)) continue
    if (entry.isDirectory()) found.push(...(await pathsBelow(root, path)))
    else if (entry.isFile() || entry.isSymbolicLink()) found.push(path)
  }
  return found
}
