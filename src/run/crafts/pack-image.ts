import { join } from 'node:path'
import { packImage } from '../../oci/pack.ts'
import type { Craft } from './craft.ts'

/** Packs the program as an image into an archive that engines load. */
export const packProgram: Craft = async (input, { project, signal }) => {
  const file = String(input['file'])
  const packed = await packImage(
    {
      reference: withTag(String(input['reference'])),
      arch: String(input['arch']),
      files: [{ path: file, source: { path: join(project.directory, file) }, mode: 0o755 }],
      cmd: [`/${file}`],
    },
    String(input['archive']),
    signal,
  )
  return {
    lines: [`layer ${packed.diffId}`, `image ${packed.id}`],
    result: String(input['archive']),
    values: {
      'image.id': packed.id,
      'image.bytes': String(packed.contentBytes),
      'archive.bytes': String(packed.archiveBytes),
    },
  }
}

/** An archive names its image in full. */
const withTag = (reference: string): string =>
  /:[^/]+$/.test(reference) ? reference : `${reference}:latest`
