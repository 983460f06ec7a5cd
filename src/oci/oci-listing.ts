import type { StoredBlob } from './blob.ts'
import { blobPath } from './config.ts'
import { digestKind } from './digest.ts'
import {
  isObject,
  jsonFault,
  objectOf,
  objectsOf,
  parsedJson,
  stringOf,
  stringsOf,
} from './json.ts'
import type { JsonObject } from './json.ts'
import type { ImageLink, LayerLink, Listing } from './links.ts'
import { artifactType, manifestKind } from './media.ts'
import { shown } from '../tar/problem.ts'
import type { Survey } from './survey.ts'
import type { Beside, NotLookedAt } from './types.ts'

const DEEPEST = 4
const MOST_MANIFESTS = 1000
const MOST_PROBLEMS = 100

interface Findings {
  readonly survey: Survey
  readonly images: ImageLink[]
  readonly beside: Beside[]
  readonly problems: string[]
  readonly notLookedAt: NotLookedAt[]
  readonly notes: string[]
  /** The manifests already followed: listing one a thousand times must not cost a thousand readings. */
  readonly seen: Set<string>
}

/**
 * Returns what the `index.json` of an OCI image layout lists, through nested indexes, or null when there is none.
 * Artifacts and attestations come apart from images. What a nested index lists for other platforms may be absent, as
 * long as something of it is here: engines save it so.
 */
export const ociListing = (survey: Survey): Listing | null => {
  if (survey.find('index.json') === null) return null
  const found = noFindings(survey)
  const { text, unread } = survey.document('index.json')
  const index = text === null ? undefined : parsedJson(text)
  // An index.json may be that of something else.
  if (index !== undefined && !isIndex(index)) return null
  if (unread !== null) found.notLookedAt.push({ what: 'index.json', why: unread })
  else if (text === null) found.problems.push('index.json is not JSON.')
  else if (index === undefined) found.problems.push(`index.json ${jsonFault(text)}.`)
  if (survey.find('oci-layout') === null) found.problems.push('The file oci-layout is missing.')
  const descriptors = objectsOf(objectOf(index)['manifests'])
  for (const descriptor of descriptors) follow(found, descriptor, 0)
  const references = descriptors.map(referenceOf).filter(name => name !== '')
  const { images, beside, problems, notLookedAt, notes } = found
  return {
    format: 'oci',
    references,
    images,
    beside,
    problems: problems.slice(0, MOST_PROBLEMS),
    notLookedAt,
    notes,
  }
}

const noFindings = (survey: Survey): Findings => ({
  survey,
  images: [],
  beside: [],
  problems: [],
  notLookedAt: [],
  notes: [],
  seen: new Set(),
})

const isIndex = (index: unknown): boolean => isObject(index) && Array.isArray(index['manifests'])

// Docker writes the whole name under containerd's key and only the tag under OCI's.
const referenceOf = (descriptor: JsonObject): string => {
  const notes = objectOf(descriptor['annotations'])
  const full = stringOf(notes['io.containerd.image.name'])
  if (full === '') return stringOf(notes['org.opencontainers.image.ref.name'])
  return full.replace(/^docker\.io\/(library\/)?/, '')
}

const follow = (found: Findings, descriptor: JsonObject, depth: number): void => {
  const name = nameOf(descriptor)
  if (found.seen.has(name)) return
  if (found.seen.size >= MOST_MANIFESTS) {
    return skip(found, 'More manifests', `they come after the first ${MOST_MANIFESTS}`)
  }
  found.seen.add(name)
  // Engines save an image without what attests to it.
  if (isAttestation(descriptor) && found.survey.find(name) === null) return
  const blob = checked(found, name, descriptor)
  if (blob === null) return
  if (blob.content?.kind === 'unread') return skip(found, name, blob.content.why)
  const text = blob.content?.kind === 'json' ? blob.content.text : ''
  const content = parsedJson(text)
  if (!isObject(content)) return void found.problems.push(`${shown(name)} is not a manifest.`)
  if (Array.isArray(content['manifests'])) return followNested(found, content, depth)
  const kind = isAttestation(descriptor) ? 'attestation' : manifestKind(content)
  if (kind === 'image') addImage(found, content)
  else found.beside.push(besideOf(found, kind, descriptor, content))
}

const skip = (found: Findings, what: string, why: string): void => {
  if (!found.notLookedAt.some(each => each.what === what)) found.notLookedAt.push({ what, why })
}

const followNested = (found: Findings, index: JsonObject, depth: number): void => {
  if (depth >= DEEPEST) return skip(found, 'An index', 'it is nested too deeply')
  const listed = objectsOf(index['manifests'])
  const here = listed.filter(each => found.survey.find(nameOf(each)) !== null)
  if (here.length > 0)
    noteAbsent(
      found,
      listed.filter(each => !here.includes(each)),
    )
  for (const each of here.length > 0 ? here : listed) follow(found, each, depth + 1)
}

const noteAbsent = (found: Findings, absent: readonly JsonObject[]): void => {
  const platforms = absent.filter(each => !isAttestation(each)).map(platformOf)
  if (platforms.length === 0) return
  const first = platforms.slice(0, 8).join(', ')
  const more = platforms.length > 8 ? ` and ${platforms.length - 8} more` : ''
  found.notes.push(`Its index also lists what was not saved with it: ${shown(first)}${more}.`)
}

const platformOf = (descriptor: JsonObject): string => {
  const { os, architecture, variant } = objectOf(descriptor['platform'])
  const parts = [os, architecture, variant].filter(part => typeof part === 'string')
  return parts.length === 0 ? 'an image without a platform' : parts.join('/')
}

const isAttestation = (descriptor: JsonObject): boolean =>
  'vnd.docker.reference.type' in objectOf(descriptor['annotations']) ||
  platformOf(descriptor) === 'unknown/unknown'

const nameOf = (descriptor: JsonObject): string => blobPath(stringOf(descriptor['digest']))

const besideOf = (
  found: Findings,
  kind: Beside['kind'],
  descriptor: JsonObject,
  manifest: JsonObject,
): Beside => {
  const config = objectOf(manifest['config'])
  const parts = [config, ...objectsOf(manifest['layers'])]
  for (const part of parts) if (stringOf(part['digest']) !== '') partOf(found, part)
  return { kind, type: artifactType(manifest), digest: stringOf(descriptor['digest']) }
}

// The empty value that stands where an artifact has no config need not be stored, because it is written here.
const partOf = (found: Findings, descriptor: JsonObject): void => {
  const name = nameOf(descriptor)
  if (typeof descriptor['data'] === 'string' && found.survey.find(name) === null) return
  checked(found, name, descriptor)
}

const addImage = (found: Findings, manifest: JsonObject): void => {
  const image = imageOf(found, manifest)
  if (!found.survey.leadsOut(image.name)) found.images.push(image)
}

const imageOf = (found: Findings, manifest: JsonObject): ImageLink => {
  const config = objectOf(manifest['config'])
  const layers = objectsOf(manifest['layers'])
  return {
    by: 'the OCI manifest',
    name: nameOf(config),
    config: checked(found, nameOf(config), config),
    layers: layers.map(layer => layerOf(found, layer)),
  }
}

const layerOf = (found: Findings, descriptor: JsonObject): LayerLink => {
  const name = nameOf(descriptor)
  const digest = stringOf(descriptor['digest'])
  const elsewhere = found.survey.leadsOut(name) ? LINK : keptElsewhere(descriptor)
  const isAbsent = found.survey.find(name) === null
  if (isAbsent && elsewhere !== null) return { name, digest, elsewhere, blob: null }
  return { name, digest, blob: checked(found, name, descriptor) }
}

const LINK = 'the end of a link that is not followed'

// Types that say so are out of use since OCI 1.1, but Windows' images have them.
const keptElsewhere = (descriptor: JsonObject): string | null => {
  const [url] = stringsOf(descriptor['urls'])
  if (url !== undefined) return url
  return /foreign|nondistributable/.test(stringOf(descriptor['mediaType'])) ? 'its registry' : null
}

// That a blob has the digest of its name is verified for all files at once, when they are read.
const checked = (found: Findings, name: string, descriptor: JsonObject): StoredBlob | null => {
  const digest = stringOf(descriptor['digest'])
  const kind = digestKind(digest)
  if (kind === 'none') {
    found.problems.push(`${shown(name)} is named by something that is not a digest.`)
    return null
  }
  if (kind === 'unknown') {
    const algorithm = digest.slice(0, digest.indexOf(':'))
    skip(found, shown(name), `its digest is made by ${shown(algorithm)}, which is not known here`)
  }
  const blob = found.survey.find(name)
  if (blob === null && found.survey.leadsOut(name)) {
    skip(found, shown(name), 'it is a link to somewhere else, which is not followed')
  } else if (blob === null) found.problems.push(`${shown(name)} is missing.`)
  const size = descriptor['size']
  if (blob !== null && size !== blob.size) {
    found.problems.push(
      `${shown(name)} has the size ${blob.size}, but ${shown(String(size))} is promised.`,
    )
  }
  return blob
}
