import type { PackagesLock } from '../../bootstrap/deb/lock-form.ts'
import { findRelease } from '../../catalog/releases.ts'
import { isPlainError } from '../../errors.ts'
import { lockAt } from '../rootfs/lock-file.ts'
import { ownSources, type OwnSources } from '../rootfs/own-sources.ts'
import { requestFor, type RootChoice, type RootRequest } from '../rootfs/request.ts'
import type { RootInputs } from '../../plan/craft-inputs.ts'
import { toldToPeople } from './built-in.ts'
import { CraftError } from './craft-error.ts'
import type { CraftContext } from './craft.ts'

type DebInput = RootInputs['pack-deb']

/** Returns the lock whose packages a plan's input wants and no others, or null. Throws CraftError. */
export const debLock = (
  { locked }: Pick<DebInput, 'locked'>,
  { project }: CraftContext,
): PackagesLock | null => {
  if (locked === null) return null
  return asCraft('lock-malformed', () => lockAt(locked, project.directory))
}

/** Returns a person's own sources, for the release of a code name, or null for none. Throws CraftError. */
export const debSources = ({
  sources,
  release,
}: Pick<DebInput, 'sources' | 'release'>): OwnSources | null =>
  sources === undefined ? null : asCraft('sources-malformed', () => ownSources(sources, release))

const asCraft = <T>(code: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (isPlainError(error)) throw new CraftError(code, error.message, error.todo)
    throw toldToPeople(error)
  }
}

/** Returns the root filesystem that a plan's input asks for; reads the keys. Throws CraftError. */
export const debRequest = async (
  input: DebInput,
  { assets }: CraftContext,
): Promise<RootRequest> => {
  const now = Date.now()
  const { arch, include, mirror, near, keyring, snapshot, updates } = input
  const release = findRelease(input.release, new Date(now).toISOString().slice(0, 10), input.distro)
  if (release === null) throw new CraftError('no-release', `There is no release ${input.release}.`)
  return requestFor(
    {
      release,
      arch,
      variant: input.variant as RootChoice['variant'],
      include,
      exclude: [],
      components: null,
      mirror,
      near,
      keyring,
      snapshot,
      updates,
      suites: debSources(input)?.suites ?? null,
    },
    assets,
    now,
  ).catch((error: unknown) => {
    throw toldToPeople(error)
  })
}
