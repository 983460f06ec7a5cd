import { catalogueOf } from '../apk/catalogue.ts'
import { parseDependencies } from '../apk/dependency.ts'
import { fetchPackages, fetchRepositories } from '../apk/fetch.ts'
import { keyRing } from '../apk/keys.ts'
import type { ApkKey } from '../apk/keys.ts'
import { entriesOf } from '../apk/read-data.ts'
import { fullName } from '../apk/types.ts'
import { BootstrapError } from '../errors.ts'
import type { Fetcher } from '../types.ts'
import { busyboxOf } from './program.ts'
import type { BusyBox } from './root.ts'

/** Which of Alpine's packages is wanted. */
export interface AlpineBusybox {
  readonly mirror: string
  /** The release's folder: `v3.22`. */
  readonly branch: string
  readonly repository: string
  /** Alpine's name: `x86_64`. */
  readonly architecture: string
  readonly keys: readonly ApkKey[]
  readonly signal: AbortSignal
}

const PACKAGE = 'busybox-static'
const PROGRAMS = ['bin/busybox.static', 'usr/bin/busybox.static']

/** Returns the static BusyBox of Alpine, of its signed package. Throws BootstrapError. */
export const busyboxFromAlpine = async (
  wanted: AlpineBusybox,
  fetcher: Fetcher,
): Promise<BusyBox> => {
  const keys = keyRing(wanted.keys)
  const where = { ...wanted, repositories: [wanted.repository], isPartial: false }
  const repositories = await fetchRepositories(where, keys, fetcher)
  const [dependency] = parseDependencies(PACKAGE)
  const found = catalogueOf(repositories).providers(dependency?.name ?? PACKAGE)[0]?.package
  if (found === undefined) throw lacks(wanted)
  const [open] = await fetchPackages(where, { chosen: [found], keys, fetcher })
  if (open === undefined) throw lacks(wanted)
  for await (const entry of entriesOf(open, wanted.signal)) {
    if (!PROGRAMS.includes(entry.path) || entry.kind !== 'file') continue
    const program = await busyboxOf(entry, `Alpine's ${fullName(found)}`)
    return { ...program, libc: 'musl', epoch: found.built }
  }
  throw lacks(wanted)
}

const lacks = ({ branch, architecture }: AlpineBusybox): BootstrapError =>
  new BootstrapError(
    'include-unknown',
    `Alpine's ${branch} has no ${PACKAGE} for ${architecture}.`,
    ['Take another architecture, or the other build: --variant glibc'],
  )
