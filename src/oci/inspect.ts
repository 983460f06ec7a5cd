import { dockerListing } from './docker-listing.ts'
import { NotAnArchive } from './errors.ts'
import { describeImage } from './image-facts.ts'
import type { ImageLink, Listing } from './links.ts'
import { ociListing } from './oci-listing.ts'
import { openArchive } from './source.ts'
import type { ArchiveSource } from './source.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import type { ArchiveFacts, ImageFacts, NotLookedAt, StarterOf } from './types.ts'
import { wholeWords } from './whole-words.ts'

const MOST_TOLD = 100

/** An archive read once: its facts, and where each image's layers are. */
export interface Examined {
  readonly facts: ArchiveFacts
  readonly source: ArchiveSource
  /** The images whose config could be read, by ID. */
  readonly links: ReadonlyMap<string, ImageLink>
}

/**
 * Returns what an image archive at a path holds: an OCI image layout (a tar or a folder) or a docker-archive, or both
 * at once, as written by us, `docker save`, `podman save` or skopeo, also compressed as a whole. Every digest, size
 * and diffID is verified; what could not be is named. Throws NotAnArchive when the file is something else, the file
 * system's error when it cannot be read, the signal's reason when aborted.
 */
export const inspectArchive = async (path: string, signal?: AbortSignal): Promise<ArchiveFacts> =>
  (await examineArchive(path, signal)).facts

/** Returns what `inspectArchive` returns, and where the layers are. Throws as it does. */
export const examineArchive = async (path: string, signal?: AbortSignal): Promise<Examined> =>
  examineSource(await openArchive(path), signal)

/**
 * Returns what `examineArchive` returns, of an archive that is open, perhaps a stream that is read but once. With
 * `starterOf` it also reports when an image lacks what its program asks for.
 */
export const examineSource = async (
  source: ArchiveSource,
  signal?: AbortSignal,
  starterOf?: StarterOf,
): Promise<Examined> => {
  const found = await survey(source, signal, starterOf)
  const listings = [ociListing(found), dockerListing(found)].filter(each => each !== null)
  if (listings.length === 0) throw notAnArchive(source, found)
  const images = new Map<string, ImageFacts>()
  const links = new Map<string, ImageLink>()
  const problems = [...found.problems]
  const notLookedAt = [...found.notLookedAt]
  for (const listing of listings) {
    const collected = collect(listing, images, links)
    problems.push(...collected.problems)
    notLookedAt.push(...collected.notLookedAt)
  }
  const facts: Omit<ArchiveFacts, 'verdict'> = {
    formats: listings.map(listing => listing.format),
    references: unique(listings.flatMap(listing => listing.references)),
    images: [...images.values()],
    beside: listings.flatMap(listing => listing.beside),
    problems: shortened(unique(problems)),
    notLookedAt: uniqueParts(notLookedAt).slice(0, MOST_TOLD),
    notes: unique([...found.notes, ...listings.flatMap(listing => listing.notes)]),
  }
  return { facts: { verdict: verdictOf(facts), ...facts }, source, links }
}

const verdictOf = ({
  problems,
  notLookedAt,
}: Pick<ArchiveFacts, 'problems' | 'notLookedAt'>): ArchiveFacts['verdict'] => {
  if (problems.length > 0) return 'wrong'
  return notLookedAt.length > 0 ? 'right-as-far' : 'right'
}

const notAnArchive = (source: ArchiveSource, found: Survey): NotAnArchive => {
  const { why, todo } = wholeWords(found.whole, source.path)
  const told = [...found.problems, ...found.notLookedAt.map(({ what, why }) => `${what}: ${why}`)]
  const all = found.whole === null ? [why, ...told.slice(0, 1)] : [why]
  return new NotAnArchive(source.path, all.join('. ').replace(/\.$/, ''), todo)
}

const collect = (
  listing: Listing,
  images: Map<string, ImageFacts>,
  links: Map<string, ImageLink>,
): { readonly problems: readonly string[]; readonly notLookedAt: readonly NotLookedAt[] } => {
  const problems = [...listing.problems]
  const notLookedAt = [...listing.notLookedAt]
  for (const link of listing.images) {
    const { image, ...described } = describeImage(link)
    problems.push(...described.problems)
    notLookedAt.push(...described.notLookedAt)
    if (image === null || hasAsMany(images.get(image.id), image)) continue
    images.set(image.id, image)
    links.set(image.id, link)
  }
  return { problems, notLookedAt }
}

// Docker 25.0.0 wrote OCI manifests without their layers; the manifest.json next to them has all.
const hasAsMany = (found: ImageFacts | undefined, other: ImageFacts): boolean =>
  found !== undefined && found.layers.length >= other.layers.length

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

const uniqueParts = (parts: readonly NotLookedAt[]): NotLookedAt[] => [
  ...new Map(parts.map(part => [`${part.what}: ${part.why}`, part])).values(),
]

const shortened = (problems: readonly string[]): readonly string[] =>
  problems.length <= MOST_TOLD
    ? problems
    : [...problems.slice(0, MOST_TOLD), `More problems: ${problems.length - MOST_TOLD}.`]
