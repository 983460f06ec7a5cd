import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unpackArchive } from '../../oci/unpack.ts'

import type { Craft } from './craft.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Unpacks the image of an archive into a folder of the project that only this run uses. */
export const unpackImage: Craft<'unpack-image'> = async (
  { archive, directory: folder, arch },
  { project, signal },
) => {
  const directory = join(project.directory, folder)
  await rm(directory, { recursive: true, force: true })
  await makeFolders(directory)
  // The program may run as another user, who must get in whatever the umask is.
  await chmod(directory, 0o755)
  const { cmd } = await unpackArchive(archive, directory, signal, arch)
  return { lines: [`CMD ${JSON.stringify(cmd)}`], result: 'digests as in the archive' }
}
