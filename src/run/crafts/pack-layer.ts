import { dirname } from 'node:path'
import { packLayer } from '../../oci/pack.ts'
import { fileDigest } from '../project/files.ts'
import { rememberArchive } from '../project/project.ts'
import { cannotWrite } from './cannot-write.ts'
import { CraftError } from './craft-error.ts'
import type { Craft } from './craft.ts'
import { notesIn, packedResult, withTag } from './pack-image.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Packs a root filesystem, which comes as a tar, as an image into an archive that engines load. */
export const packRoot: Craft<'pack-layer'> = async (input, { project, signal, stdin }) => {
  const { archive, reference, arch } = input
  if (stdin === undefined) throw new CraftError('no-input', 'There is no root filesystem to pack.')
  const notes = {
    reference: withTag(reference),
    arch,
    ...notesIn(input),
  }
  const packed = await makeFolders(dirname(archive))
    .then(() => rememberArchive(project, archive))
    .then(() => packLayer(notes, stdin as AsyncIterable<Uint8Array>, archive, signal))
    .catch((error: unknown) => {
      throw cannotWrite(archive, error)
    })
  await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  return packedResult(packed, archive)
}
