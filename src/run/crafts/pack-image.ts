import { dirname } from 'node:path'
import { packImage } from '../../oci/pack.ts'
import { fileDigest, makeFolders } from '../project/files.ts'
import { imageFiles } from '../project/image-files.ts'
import { rememberArchive } from '../project/project.ts'
import type { RunNotes } from '../../plan/run-notes.ts'
import { cannotWrite } from './cannot-write.ts'
import type { PackedImage } from '../../oci/types.ts'
import type { Craft, CraftResult } from './craft.ts'

/** Packs the program, and what else goes in, as an image into an archive that engines load. */
export const packProgram: Craft = async (input, { project, signal }) => {
  const file = String(input['file'])
  const archive = String(input['archive'])
  const spec = {
    reference: withTag(String(input['reference'])),
    arch: String(input['arch']),
    files: await imageFiles(project.directory, [file], input['tree'] as string | null),
    ...notesIn(input),
  }
  const packed = await makeFolders(dirname(archive))
    .then(() => rememberArchive(project, archive))
    .then(() => packImage(spec, archive, signal))
    .catch((error: unknown) => {
      throw cannotWrite(archive, error)
    })
  await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  return packedResult(packed, archive)
}

/** What an image says of how it is started, from what a plan says. */
export const notesIn = (input: Readonly<Record<string, unknown>>) => {
  const { entrypoint, cmd, env, expose, user, labels } = input as unknown as RunNotes
  return {
    ...(entrypoint === null ? {} : { entrypoint }),
    ...(cmd === null ? {} : { cmd }),
    ...(env.length === 0 ? {} : { env }),
    ...(expose.length === 0 ? {} : { expose }),
    ...(user === null ? {} : { user }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }
}

/** What is told of an image that was packed. */
export const packedResult = (packed: PackedImage, archive: string): CraftResult => ({
  lines: [`layer ${packed.diffId}`, `image ${packed.id}`],
  result: archive,
  values: {
    'image.id': packed.id,
    'files.bytes': String(packed.contentBytes),
    'image.compressed': String(packed.compressedBytes),
    'archive.bytes': String(packed.archiveBytes),
  },
})

/** An archive names its image in full. */
export const withTag = (reference: string): string =>
  /:[^/]+$/.test(reference) ? reference : `${reference}:latest`
