import { BootstrapError } from '../errors.ts'
import type {
  BootstrapRequest,
  Fetcher,
  SeenIndexes,
  SuiteSource,
  VerifiedSuite,
} from '../types.ts'
import { createHash } from 'node:crypto'
import { INDEX_ENDINGS, inflateIndex, type IndexEnding } from './inflate-index.ts'
import type { IndexFile } from './packages-index.ts'
import { checkRelease, readRelease, type ListedFile, type Release } from './release-file.ts'
import { verifySigned } from './signature.ts'
import { withoutLogin } from './sources.ts'

/** What the opening of suites works with. */
export interface Opening {
  readonly request: BootstrapRequest
  readonly fetcher: Fetcher
  readonly signal: AbortSignal
  readonly seen?: SeenIndexes
  /** Bytes that have newly arrived. */
  readonly onBytes?: (bytes: number) => void
}

/** A suite whose Release is verified, and the indexes that it lists. */
export interface OpenSuite extends VerifiedSuite {
  readonly release: Release
}

/**
 * Fetches a suite's InRelease and verifies it. Returns null for an optional suite that the archive does not have. Throws
 * a BootstrapError with an IndexCode or a FetchCode.
 */
export const openSuite = async (
  source: SuiteSource,
  opening: Opening,
): Promise<OpenSuite | null> => {
  const { request, fetcher, signal, seen, onBytes } = opening
  const what = `The index of ${source.suite} at ${withoutLogin(source.archive)}`
  const address = `${source.archive}/dists/${source.suite}/InRelease`
  const fetched = await fetcher
    .bytes({ url: address, what, maxBytes: LARGEST_RELEASE, signal, ...(onBytes && { onBytes }) })
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error
      if (source.optional || source.elsewhere !== undefined) return null
      throw noSuite(source, error)
    })
  if (fetched === null) {
    const { elsewhere, ...rest } = source
    return elsewhere === undefined ? null : openSuite({ ...rest, archive: elsewhere }, opening)
  }
  const { text, signedBy } = await verifySigned(
    fetched.bytes,
    source.keys ?? request.keys,
    request.now,
    what,
  )
  const release = readRelease(text, what)
  const place = [withoutLogin(source.archive), source.suite] as const
  const { codename, now, snapshot } = request
  const before = (await seen?.newest(...place)) ?? null
  checkRelease(release, { suite: source.suite, codename, now, snapshot, seen: before }, what)
  if (!snapshot) await seen?.note(...place, release.date)
  const sha256 = createHash('sha256').update(fetched.bytes).digest('hex')
  return { source, sha256, date: release.date, signedBy, release }
}

/** Fetches the Packages files of a verified suite for one architecture, checks and decompresses them. */
export const fetchIndexes = async (suite: OpenSuite, opening: Opening): Promise<IndexFile[]> => {
  const { architecture } = opening.request
  const { source, release } = suite
  if (release.architectures.length > 0 && !release.architectures.includes(architecture))
    throw lacks('architecture-lacks', source, `the architecture ${architecture}`, [
      `It has ${release.architectures.join(', ')}; choose one with --arch.`,
    ])
  return Promise.all(source.components.map(component => fetchIndex(suite, component, opening)))
}

const LARGEST_RELEASE = 32_000_000
const LARGEST_INDEX = 1_000_000_000

const fetchIndex = async (
  { source, release }: OpenSuite,
  component: string,
  { request, fetcher, signal, onBytes }: Opening,
): Promise<IndexFile> => {
  const plain = `${component}/binary-${request.architecture}/Packages`
  const ending = INDEX_ENDINGS.find(one => release.files.has(plain + one))
  if (ending === undefined)
    throw lacks('component-lacks', source, `the component ${component}`, [
      `It has ${release.components.join(', ')}; name others with --components.`,
    ])
  const file = release.files.get(plain + ending)!
  const what = `The index of ${source.suite}/${component}`
  const { sha256, size } = file
  const maxBytes = Math.min(size, LARGEST_INDEX)
  const fetch = (path: string) =>
    fetcher.bytes({
      url: `${source.archive}/dists/${source.suite}/${path}`,
      what,
      sha256,
      size,
      maxBytes,
      signal,
      ...(onBytes && { onBytes }),
    })
  const { bytes } = release.byHash
    ? await fetch(byHashOf(file)).catch((error: unknown) => {
        if (isNotFound(error)) return fetch(file.path)
        throw error
      })
    : await fetch(file.path)
  return {
    bytes: await inflateIndex(bytes, ending, sizeOf(release, plain, ending, bytes), what),
    origin: {
      archive: withoutLogin(source.archive),
      suite: source.suite,
      component,
      role: source.role,
    },
  }
}

/** The size of the decompressed index is signed as well; where an archive leaves it out, gzip's own word is bounded. */
const sizeOf = (release: Release, plain: string, ending: IndexEnding, bytes: Buffer): number => {
  const listed = release.files.get(plain)
  if (listed !== undefined) return listed.size
  if (ending === '.gz' && bytes.length > 4) return bytes.readUInt32LE(bytes.length - 4)
  return ending === '' ? bytes.length : 0
}

const byHashOf = ({ path, sha256 }: ListedFile): string =>
  `${path.slice(0, path.lastIndexOf('/'))}/by-hash/SHA256/${sha256}`

const isNotFound = (error: unknown): boolean =>
  error instanceof BootstrapError && error.code === 'not-found'

const noSuite = ({ archive, suite }: SuiteSource, cause: unknown): BootstrapError =>
  new BootstrapError(
    'not-found',
    `There is no suite ${suite} at ${withoutLogin(archive)}.`,
    [
      'Check the release and the address given with --mirror: its folder dists must have that suite.',
    ],
    cause,
  )

const lacks = (
  code: 'architecture-lacks' | 'component-lacks',
  { archive, suite }: SuiteSource,
  what: string,
  todo: readonly string[],
): BootstrapError =>
  new BootstrapError(code, `${suite} at ${withoutLogin(archive)} does not have ${what}.`, todo)
