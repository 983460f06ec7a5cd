import { TarProblem } from '../../tar/problem.ts'
import { entryParts, RefusedEntry } from '../../oci/inside.ts'
import { tarEntries, type TarEntry } from '../../tar/read.ts'
import { CraftError } from './craft-error.ts'
import type { Craft, CraftContext } from './craft.ts'
import { isLeftOut, openInRoom, placeZones, type Collected } from './zones.ts'

/** All zones are some two thousand files of 2 MB; what is far beyond that is something else. */
const MOST_FILES = 20_000
const MOST_BYTES = 200_000_000

/** Unpacks time zones from a tar on stdin. Only files are taken, and none outside of the folder. */
export const unpackZones: Craft<'unpack-zones'> = async (input, context) => {
  try {
    return await placeZones(input.folder, context, room => unpackInto(room, context))
  } catch (error) {
    if (!(error instanceof TarProblem || error instanceof RefusedEntry)) throw error
    throw new CraftError(
      'bad-tar',
      `The time zones came as a tar that can't be read: ${error.message}.`,
    )
  }
}

const unpackInto = async (room: string, { stdin }: CraftContext): Promise<Collected> => {
  let files = 0
  let bytes = 0
  if (stdin === undefined) throw new TarProblem('nothing is connected to it')
  for await (const entry of tarEntries(stdin, { strict: true })) {
    const path = entryParts(entry.path).join('/')
    if (entry.kind === 'directory' || path === '' || isLeftOut(path)) continue
    if (entry.kind !== 'file') throw new RefusedEntry(path, 'is no file')
    files += 1
    bytes += entry.size
    if (files > MOST_FILES || bytes > MOST_BYTES)
      throw new RefusedEntry(path, 'is more than zones are')
    await writeEntry(room, path, entry)
  }
  return { files, lines: [] }
}

const writeEntry = async (room: string, path: string, entry: TarEntry): Promise<void> => {
  const file = await openInRoom(room, path)
  try {
    for await (const chunk of entry.body) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
}
