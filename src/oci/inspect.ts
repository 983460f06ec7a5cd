import { dockerListing } from './docker-listing.ts'
import { NotAnArchive } from './errors.ts'
import { describeImage } from './image-facts.ts'
import type { ImageLink, Listing } from './links.ts'
import { ociListing } from './oci-listing.ts'
import { openArchive } from './source.ts'
import type { ArchiveSource } from './source.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import type { ArchiveFacts, ImageFacts } from './types.ts'

const MOST_PROBLEMS = 100

/** An archive read once: its facts, and where each image's layers are. */
export interface Examined {
  readonly facts: ArchiveFacts
  readonly source: ArchiveSource
  /** The images whose config could be read, by ID. */
  readonly links: ReadonlyMap<string, ImageLink>
}

/**
 * Gives what an image archive holds: an OCI image layout or a docker-archive, or both at once, as written by us,
 * `docker save`, `podman save` or skopeo, also gzipped as a whole. Every digest, size and diffID is verified.
 * @throws NotAnArchive when the file is something else; the file system's error when it cannot be read; the
 * signal's reason when aborted.
 */
export const inspectArchive = async (path: string, signal?: AbortSignal): Promise<ArchiveFacts> =>
  (await examineArchive(path, signal)).facts

/** Gives what `inspectArchive` gives, and where the layers are. @throws as `inspectArchive`. */
export const examineArchive = async (path: string, signal?: AbortSignal): Promise<Examined> => {
  const source = await openArchive(path)
  const found = await survey(source, signal)
  const listings = [ociListing(found), dockerListing(found)].filter(each => each !== null)
  if (listings.length === 0) throw new NotAnArchive(path, whyNot(found))
  const images = new Map<string, ImageFacts>()
  const links = new Map<string, ImageLink>()
  const problems = [...found.problems]
  for (const listing of listings) problems.push(...collect(listing, images, links))
  const facts: ArchiveFacts = {
    formats: listings.map(listing => listing.format),
    references: unique(listings.flatMap(listing => listing.references)),
    images: [...images.values()],
    problems: shortened(unique(problems)),
  }
  return { facts, source, links }
}

const whyNot = (found: Survey): string => {
  const lacks =
    'it is a tar, but has neither the index.json of an OCI image layout nor the manifest.json of docker save'
  return [lacks, ...found.problems.slice(0, 1)].join('. ').replace(/\.$/, '')
}

const collect = (
  listing: Listing,
  images: Map<string, ImageFacts>,
  links: Map<string, ImageLink>,
): readonly string[] => {
  const problems = [...listing.problems]
  for (const link of listing.images) {
    const described = describeImage(link)
    problems.push(...described.problems)
    if (described.image === null || images.has(described.image.id)) continue
    images.set(described.image.id, described.image)
    links.set(described.image.id, link)
  }
  return problems
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)]

const shortened = (problems: readonly string[]): readonly string[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [
        ...problems.slice(0, MOST_PROBLEMS),
        `There are ${problems.length - MOST_PROBLEMS} more problems.`,
      ]
