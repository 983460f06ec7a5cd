import type { CraftInputs } from '../../plan/craft-inputs.ts'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { programSboms } from '../../bootstrap/sbom/program.ts'
import { SBOM_ENDINGS, type Sboms } from '../../bootstrap/sbom/write.ts'
import { debianArch } from '../../catalog/archives.ts'
import { MADE } from '../../plan/names.ts'
import { version } from '../../version.ts'
import { fileDigest, writeWhole } from '../project/files.ts'
import { epochOf } from './built-in.ts'
import type { CraftContext } from './craft.ts'
import { filesFor } from './files-for.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Writes SBOMs into MADE, where they wait until the image is proven; returns that folder, which has nothing else in it. */
export const writeSboms = async (sboms: Sboms, directory: string): Promise<string> => {
  const folder = join(directory, MADE)
  await rm(folder, { recursive: true, force: true })
  await makeFolders(folder)
  for (const form of ['spdx', 'cdx'] as const)
    await writeWhole(join(folder, `sbom${SBOM_ENDINGS[form]}`), sboms[form])
  return folder
}

/** Writes the SBOMs of a minimal image: its program, and what the builder told of what is compiled in. */
export const listProgram = async (
  input: CraftInputs['inspect-program'],
  { project, madeWith = [] }: CraftContext,
): Promise<void> => {
  const programs = await Promise.all(
    filesFor(input).map(async ({ file, arch }) => {
      const path = join(project.directory, file)
      const [sha256, { size }] = await Promise.all([fileDigest(path), stat(path)])
      return { file, architecture: debianArch(arch), bytes: size, sha256: sha256 ?? '' }
    }),
  )
  const sboms = programSboms({
    name: input.file,
    programs,
    madeWith: madeWith.map(line => {
      const [, name = '', version = ''] = /^([^\t:]+)[^\t]*\t(.*)$/.exec(line) ?? []
      return { name, version }
    }),
    vendor: OFFICIAL.exec(input.builder ?? '')?.[1] ?? null,
    epoch: epochOf(process.env['SOURCE_DATE_EPOCH']).epoch ?? 0,
    toolVersion: version(),
  })
  await writeSboms(sboms, project.directory)
}

const OFFICIAL = /^(?:docker\.io\/(?:library\/)?)?(debian|ubuntu)(?:[:@]|$)/
