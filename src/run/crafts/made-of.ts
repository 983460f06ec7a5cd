import { join } from 'node:path'
import { lockText } from '../../bootstrap/deb/lock.ts'
import { packagesOf } from '../../bootstrap/deb/package-set.ts'
import { watchPackages, type RootFacts } from '../../bootstrap/sbom/facts.ts'
import { sbomsOf } from '../../bootstrap/sbom/write.ts'
import { LOCK_FILE } from '../../plan/names.ts'
import { version } from '../../version.ts'
import { writeWhole } from '../project/files.ts'
import { writeSboms } from './write-sboms.ts'
import type { Project } from '../project/project.ts'
import type { MadeRoot } from '../rootfs/make-root.ts'

/** Passes a root filesystem's tar to `write` and reads in it meanwhile what its packages are. Throws TarProblem. */
export const readingPackages = async (
  tar: AsyncGenerator<Uint8Array>,
  write: (tar: AsyncGenerator<Uint8Array>) => Promise<void>,
): Promise<RootFacts> => {
  const watched = watchPackages(tar)
  await write(watched.tar)
  return watched.facts
}

/** Writes the lock, where there can be one, and the SBOMs of an image into MADE, where they wait until it is proven. */
export const writeMadeOf = async (
  { set, lock }: MadeRoot,
  facts: RootFacts,
  { directory }: Project,
  isLockable: boolean,
): Promise<void> => {
  const sboms = sbomsOf({
    name: `${lock.distribution} ${lock.codename}`,
    facts,
    packages: packagesOf(set),
    epoch: set.epoch,
    toolVersion: version(),
  })
  const folder = await writeSboms(sboms, directory)
  if (isLockable) await writeWhole(join(folder, LOCK_FILE), lockText(lock))
}
