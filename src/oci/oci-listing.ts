import type { StoredBlob } from './blob.ts'
import { blobPath } from './config.ts'
import { isObject, objectOf, objectsOf, parsedJson, stringOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ImageLink, LayerLink, Listing } from './links.ts'
import { shown } from '../tar/problem.ts'
import type { Survey } from './survey.ts'

const DEEPEST = 4
const MOST_MANIFESTS = 1000
const MOST_PROBLEMS = 100

interface Walk {
  readonly survey: Survey
  readonly images: ImageLink[]
  readonly problems: string[]
  /** The manifests already followed: listing one a thousand times must not cost a thousand readings. */
  readonly seen: Set<string>
}

/**
 * Gives what the `index.json` of an OCI image layout lists, through nested indexes, or null when there is none.
 * Attestations are left out. What a nested index lists for other platforms may be absent, as long as something of
 * it is here: engines save it so.
 */
export const ociListing = (survey: Survey): Listing | null => {
  const text = survey.text('index.json')
  const index = text === null ? undefined : parsedJson(text)
  if (!isObject(index) || !Array.isArray(index['manifests'])) return null
  const walk: Walk = { survey, images: [], problems: [], seen: new Set() }
  if (survey.find('oci-layout') === null) walk.problems.push('The file oci-layout is missing.')
  const descriptors = objectsOf(index['manifests'])
  for (const descriptor of descriptors) follow(walk, descriptor, 0)
  const { images, problems } = walk
  const references = descriptors.map(referenceOf).filter(name => name !== '')
  return { format: 'oci', references, images, problems: problems.slice(0, MOST_PROBLEMS) }
}

// Docker writes the whole name under containerd's key and only the tag under OCI's.
const referenceOf = (descriptor: JsonObject): string => {
  const notes = objectOf(descriptor['annotations'])
  const full = stringOf(notes['io.containerd.image.name'])
  if (full === '') return stringOf(notes['org.opencontainers.image.ref.name'])
  return full.replace(/^docker\.io\/(library\/)?/, '')
}

const follow = (walk: Walk, descriptor: JsonObject, depth: number): void => {
  const name = nameOf(descriptor)
  if (isAttestation(descriptor) || walk.seen.has(name)) return
  if (walk.seen.size >= MOST_MANIFESTS) return
  walk.seen.add(name)
  const blob = checked(walk, name, descriptor)
  if (blob === null) return
  const content = blob.content?.kind === 'json' ? parsedJson(blob.content.text) : undefined
  if (!isObject(content)) return void walk.problems.push(`${shown(name)} is no manifest.`)
  if (Array.isArray(content['manifests'])) return followNested(walk, content, depth)
  walk.images.push(imageOf(walk, content))
}

const followNested = (walk: Walk, index: JsonObject, depth: number): void => {
  if (depth >= DEEPEST) return void walk.problems.push('Its indexes are nested too deeply.')
  const listed = objectsOf(index['manifests'])
  const here = listed.filter(each => walk.survey.find(nameOf(each)) !== null)
  for (const each of here.length > 0 ? here : listed) follow(walk, each, depth + 1)
}

const isAttestation = (descriptor: JsonObject): boolean =>
  'vnd.docker.reference.type' in objectOf(descriptor['annotations'])

const nameOf = (descriptor: JsonObject): string => blobPath(stringOf(descriptor['digest']))

const imageOf = (walk: Walk, manifest: JsonObject): ImageLink => {
  const config = objectOf(manifest['config'])
  const layers = objectsOf(manifest['layers'])
  return {
    name: nameOf(config),
    config: checked(walk, nameOf(config), config),
    layers: layers.map(layer => layerOf(walk, layer)),
  }
}

const layerOf = (walk: Walk, descriptor: JsonObject): LayerLink => {
  const name = nameOf(descriptor)
  return { name, digest: stringOf(descriptor['digest']), blob: checked(walk, name, descriptor) }
}

// That a blob has the digest of its name is verified for all files at once, when they are read.
const checked = (walk: Walk, name: string, descriptor: JsonObject): StoredBlob | null => {
  if (!/^blobs\/sha256\/[0-9a-f]{64}$/.test(name)) {
    walk.problems.push(`${shown(name)} is named by something else than a SHA-256 digest.`)
    return null
  }
  const blob = walk.survey.find(name)
  if (blob === null) walk.problems.push(`${name} is missing.`)
  const size = descriptor['size']
  if (blob !== null && size !== blob.size) {
    walk.problems.push(`${name} has ${blob.size} bytes, but ${shown(String(size))} are promised.`)
  }
  return blob
}
