import { resolve } from 'node:path'
import { packagesOf } from '../bootstrap/deb/package-set.ts'
import type { RootFacts } from '../bootstrap/sbom/facts.ts'
import { SBOM_ENDINGS, sbomsOf } from '../bootstrap/sbom/write.ts'
import type { PackageSet } from '../bootstrap/types.ts'
import { UsageError } from '../errors.ts'
import type { RootChoice } from '../run/rootfs/request.ts'
import { version } from '../version.ts'
import { writeAt } from './root-places.ts'

/** Where an SBOM goes, and in which form. */
export interface SbomPlace {
  readonly form: keyof typeof SBOM_ENDINGS
  readonly path: string
}

/** Returns where --sbom wants its files, with commas between. Throws UsageError for an extension that names no format. */
export const sbomPlaces = (text: string | undefined, cwd: string): SbomPlace[] =>
  (text ?? '')
    .split(',')
    .filter(name => name !== '')
    .map(name => {
      const form = (['spdx', 'cdx'] as const).find(one => name.endsWith(SBOM_ENDINGS[one]))
      if (form !== undefined) return { form, path: resolve(cwd, name) }
      throw new UsageError(`--sbom ${name}: its extension must name the format.`, [
        'SPDX 2.3: --sbom sbom.spdx.json   CycloneDX 1.6: --sbom sbom.cdx.json   both: separated by a comma.',
      ])
    })

/** Writes the SBOMs of a root filesystem. */
export const writeSboms = async (
  places: readonly SbomPlace[],
  made: { readonly choice: RootChoice; readonly facts: RootFacts; readonly set: PackageSet },
): Promise<void> => {
  const { release } = made.choice
  const texts = sbomsOf({
    name: `${release.distro} ${release.codename}`,
    facts: made.facts,
    packages: packagesOf(made.set),
    epoch: made.set.epoch,
    toolVersion: version(),
  })
  for (const { form, path } of places) await writeAt(path, texts[form])
}
