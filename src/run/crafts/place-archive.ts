import { createReadStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileDigest, openWhole } from '../project/files.ts'
import { rememberArchive } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import type { Craft } from './craft.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Puts an archive that was made in the project folder where it is to stay. It appears there whole or not at all. */
export const placeArchive: Craft<'place-archive'> = async (
  { from, archive: given },
  { project, signal },
) => {
  const archive = resolve(project.directory, given)
  await makeFolders(dirname(archive))
    .then(() => rememberArchive(project, archive))
    .then(() => moveWhole(join(project.directory, from), archive, signal))
    .catch((error: unknown) => {
      throw cannotWrite(archive, error)
    })
  await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  return { result: given }
}

/** Nothing can be renamed to another file system: there the file is copied. */
const moveWhole = async (from: string, to: string, signal: AbortSignal): Promise<void> =>
  rename(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EXDEV') throw error
    const file = await openWhole(to, 0o644)
    try {
      for await (const chunk of createReadStream(from, { signal }))
        await file.write(chunk as Uint8Array)
      await file.commit()
    } catch (failure) {
      await file.discard()
      throw failure
    }
  })
