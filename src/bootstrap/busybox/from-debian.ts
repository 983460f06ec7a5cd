import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { hashed } from '../../tar/streams.ts'
import { openSuites } from '../deb/bootstrap.ts'
import { newestDate } from '../deb/package-set.ts'
import { openPackages } from '../deb/packages-index.ts'
import { fetchIndexes } from '../deb/suite.ts'
import { BootstrapError } from '../errors.ts'
import { readDeb } from '../stage/deb.ts'
import type { ArchiveKey, Fetcher } from '../types.ts'
import { busyboxOf } from './program.ts'
import type { BusyBox } from './root.ts'

/** Which of Debian's packages is wanted. */
export interface DebianBusybox {
  readonly mirror: string
  readonly suite: string
  /** Debian's name: `amd64`. */
  readonly architecture: string
  readonly keys: readonly ArchiveKey[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly signal: AbortSignal
}

const PACKAGE = 'busybox-static'
const PROGRAM = /^(?:\.\/)?(?:usr\/)?bin\/busybox$/

/** Returns the static BusyBox of Debian, of its signed package. Throws BootstrapError. */
export const busyboxFromDebian = async (
  wanted: DebianBusybox,
  fetcher: Fetcher,
): Promise<BusyBox> => {
  const { mirror, suite, architecture, keys, now, signal } = wanted
  const source = {
    archive: mirror.replace(/\/+$/, ''),
    suite,
    components: ['main'],
    role: 'release',
    optional: false,
  } as const
  const request = {
    distribution: 'debian',
    codename: suite,
    sources: [source],
    architecture,
    variant: 'minbase',
    include: [],
    exclude: [],
    keys,
    now,
    snapshot: false,
  } as const
  const opening = { request, fetcher, signal }
  const { suites } = await openSuites(opening)
  const indexes = await Promise.all(suites.map(each => fetchIndexes(each, opening)))
  const found = openPackages(indexes.flat(), architecture).newest(PACKAGE)
  if (found === null) throw lacks(wanted)
  const { url, sha256, size, version } = found
  const what = `${PACKAGE} ${version}`
  const { path } = await fetcher.file({ url, what, sha256, size, maxBytes: size, signal })
  const program = await programIn(path, { what, sha256 })
  if (program === null) throw lacks(wanted)
  const epoch = Math.floor(newestDate(suites) / 1000)
  return { ...program, libc: 'glibc', from: `Debian's ${what}`, epoch }
}

type Program = Pick<BusyBox, 'program' | 'version' | 'from'>

const MOST_BYTES = 256 * 1024 * 1024

const programIn = async (
  path: string,
  { what, sha256 }: { readonly what: string; readonly sha256: string },
): Promise<Program | null> => {
  const hash = createHash('sha256')
  let program: Program | null = null
  const file = createReadStream(path) as AsyncIterable<Buffer>
  await readDeb(
    hashed(file, hash),
    { what, mostBytes: MOST_BYTES },
    {
      control: () => undefined,
      entry: async entry => {
        if (entry.kind === 'file' && PROGRAM.test(entry.path))
          program = await busyboxOf(entry, what)
      },
    },
  )
  if (hash.digest('hex') === sha256) return program
  throw new BootstrapError('cache-damaged', `${what} changed in the cache while it was read.`, [
    'Run it again: the package is then fetched again.',
  ])
}

const lacks = ({ suite, architecture }: DebianBusybox): BootstrapError =>
  new BootstrapError(
    'include-unknown',
    `Debian's ${suite} has no ${PACKAGE} for ${architecture}.`,
    ['Take another architecture, or the other build: --variant musl'],
  )
