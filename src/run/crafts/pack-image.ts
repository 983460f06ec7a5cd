import { dirname, join, resolve } from 'node:path'
import { packImage, packImages } from '../../oci/pack.ts'
import { LOADED } from '../../plan/names.ts'
import { fileDigest } from '../project/files.ts'
import { imageFiles } from '../project/image-files.ts'
import { rememberArchive } from '../project/project.ts'
import type { RunNotes } from '../../plan/run-notes.ts'
import { cannotWrite } from './cannot-write.ts'
import type { ImageSpec, PackedImage } from '../../oci/types.ts'
import type { Craft, CraftResult } from './craft.ts'
import { filesFor } from './files-for.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Packs the program, and what else goes in, as an image into an archive that engines load. */
export const packProgram: Craft<'pack-image'> = async (input, { project, signal }) => {
  const { file: name, archive: given } = input
  const archive = resolve(project.directory, given)
  const tree = await imageFiles(project.directory, [], input.tree)
  const specs = filesFor(input).map(({ file, arch }) => ({
    reference: withTag(input.reference),
    arch,
    ...notesIn(input),
    files: [{ path: name, source: { path: join(project.directory, file) }, mode: 0o755 }, ...tree],
  }))
  const pack = async (): Promise<CraftResult> => {
    const [first, ...others] = specs
    if (others.length === 0) return packedResult(await packImage(first!, archive, signal), given)
    return indexResult(specs.map(withVariant), input.arch, given, archive, signal)
  }
  const isKept = given !== LOADED
  const result = await makeFolders(dirname(archive))
    .then(() => (isKept ? rememberArchive(project, archive) : undefined))
    .then(pack)
    .catch((error: unknown) => {
      throw cannotWrite(archive, error)
    })
  if (isKept) await rememberArchive(project, archive, (await fileDigest(archive)) ?? '')
  return result
}

/** The 32-bit ARM that is usual is told by its version, as engines do. */
const withVariant = (spec: ImageSpec): ImageSpec =>
  spec.arch === 'arm' ? { ...spec, variant: 'v7' } : spec

const indexResult = async (
  specs: readonly ImageSpec[],
  own: string,
  given: string,
  archive: string,
  signal: AbortSignal,
): Promise<CraftResult> => {
  const packed = await packImages(specs, own, archive, signal)
  const { values, result } = packedResult(
    { ...packed.own, archiveBytes: packed.archiveBytes },
    given,
  )
  const lines = packed.images.map(({ id }, at) => `image ${id} for linux/${specs[at]!.arch}`)
  return {
    lines: [...lines, `index ${packed.digest}`],
    result: given === LOADED ? `index ${packed.digest.slice(0, 19)}` : result!,
    values: { ...values, 'image.index': packed.digest },
  }
}

/** What an image says about how it is started, from what a plan says. */
export const notesIn = ({ entrypoint, cmd, env, expose, user, labels }: RunNotes) => {
  return {
    ...(entrypoint === null ? {} : { entrypoint }),
    ...(cmd === null ? {} : { cmd }),
    ...(env.length === 0 ? {} : { env }),
    ...(expose.length === 0 ? {} : { expose }),
    ...(user === null ? {} : { user }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }
}

/** What is reported of an image that was packed. */
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
