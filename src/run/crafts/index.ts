import type { CraftInputs, CraftName } from '../../plan/craft-inputs.ts'
import type { Craft, CraftContext, CraftResult } from './craft.ts'
import { copyZones } from './copy-zones.ts'
import { inspectProgram } from './inspect-program.ts'
import { makeTmp } from './make-tmp.ts'
import { packApk } from './pack-apk.ts'
import { packBusybox } from './pack-busybox.ts'
import { packProgram } from './pack-image.ts'
import { packRoot } from './pack-layer.ts'
import { packDeb } from './pack-deb.ts'
import { placeArchive } from './place-archive.ts'
import { readDebIndex } from './read-deb-index.ts'
import { readRelease } from './read-release.ts'
import { unpackImage } from './unpack-image.ts'
import { unpackPrograms } from './unpack-programs.ts'
import { unpackZones } from './unpack-zones.ts'
import { writeCertificates } from './write-certificates.ts'
import { writeProject } from './write-project.ts'
import { writeRaw } from './write-raw.ts'
import { writeUsers } from './write-users.ts'

/** Does the in-process work that a plan's stage names. Throws CraftError. */
export const runCraft = <Name extends CraftName>(
  { craft, input }: { readonly craft: Name; readonly input: CraftInputs[Name] },
  context: CraftContext,
): Promise<CraftResult> => crafts[craft](input, context)

/** The in-process work that plans name. */
export const crafts: { readonly [Name in CraftName]: Craft<Name> } = {
  'write-project': writeProject,
  'inspect-program': inspectProgram,
  'write-raw': writeRaw,
  'write-certificates': writeCertificates,
  'write-users': writeUsers,
  'make-tmp': makeTmp,
  'copy-zones': copyZones,
  'unpack-zones': unpackZones,
  'unpack-programs': unpackPrograms,
  'pack-image': packProgram,
  'pack-layer': packRoot,
  'pack-apk': packApk,
  'pack-busybox': packBusybox,
  'pack-deb': packDeb,
  'place-archive': placeArchive,
  'read-deb-index': readDebIndex,
  'unpack-image': unpackImage,
  'read-release': readRelease,
}
