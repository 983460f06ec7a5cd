import type { PackagesLock } from '../../bootstrap/deb/lock-form.ts'
import { findRelease } from '../../catalog/releases.ts'
import { isPlainError } from '../../errors.ts'
import { lockAt } from '../rootfs/lock-file.ts'
import { ownSources, type OwnSources } from '../rootfs/own-sources.ts'
import { requestFor, type RootChoice, type RootRequest } from '../rootfs/request.ts'
import { toldToPeople, type CraftInput } from './built-in.ts'
import { CraftError } from './craft-error.ts'
import type { CraftContext } from './craft.ts'

/** Returns the lock whose packages a plan's input wants and no others, or null. Throws CraftError. */
export const debLock = ({ locked }: CraftInput, { project }: CraftContext): PackagesLock | null => {
  if (typeof locked !== 'string') return null
  return asCraft('lock-malformed', () => lockAt(locked, project.directory))
}

/** Returns a person's own sources, for the release of a code name, or null for none. Throws CraftError. */
export const debSources = ({ sources, release }: CraftInput): OwnSources | null =>
  typeof sources === 'string'
    ? asCraft('sources-malformed', () => ownSources(sources, String(release)))
    : null

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
  input: CraftInput,
  { assets }: CraftContext,
): Promise<RootRequest> => {
  const text = (name: string): string | null =>
    typeof input[name] === 'string' ? input[name] : null
  const now = Date.now()
  const [codename, distro] = [text('release') ?? '', text('distro') ?? '']
  const release = findRelease(codename, new Date(now).toISOString().slice(0, 10), distro)
  if (release === null) throw new CraftError('no-release', `There is no release ${codename}.`)
  return requestFor(
    {
      release,
      arch: text('arch') ?? '',
      variant: (text('variant') ?? 'minbase') as RootChoice['variant'],
      include: input['include'] as readonly string[],
      exclude: [],
      components: null,
      mirror: text('mirror'),
      near: text('near'),
      keyring: text('keyring'),
      snapshot: text('snapshot'),
      updates: input['updates'] !== false,
      suites: debSources(input)?.suites ?? null,
    },
    assets,
    now,
  ).catch((error: unknown) => {
    throw toldToPeople(error)
  })
}
