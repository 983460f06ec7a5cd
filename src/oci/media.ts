import { objectOf, objectsOf, stringOf } from './json.ts'
import type { JsonObject } from './json.ts'

/** What a manifest is of: an image, or something kept with images. */
export type ManifestKind = 'image' | 'attestation' | 'artifact'

const CONFIGS: readonly string[] = [
  '',
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]

/**
 * Returns what a manifest is of, by its own types (OCI image specification 1.1, "Guidelines for Artifact Usage"):
 * cosign and others keep artifacts under an image's config, so its layers tell too.
 */
export const manifestKind = (manifest: JsonObject): ManifestKind => {
  const layers = objectsOf(manifest['layers']).map(layer => stringOf(layer['mediaType']))
  if (layers.some(type => type.includes('in-toto'))) return 'attestation'
  if (stringOf(manifest['artifactType']) !== '') return 'artifact'
  if (!CONFIGS.includes(stringOf(objectOf(manifest['config'])['mediaType']))) return 'artifact'
  return layers.every(isLayerType) ? 'image' : 'artifact'
}

// Layers of OCI (also those of nobody's but the maker) and of Docker are tars, however they are compressed.
const isLayerType = (type: string): boolean =>
  type === '' || /^application\/vnd\.(oci\.image\.layer|docker\.image\.rootfs)\b/.test(type)

/** Returns the type of an artifact in its maker's words; empty when it has none. */
export const artifactType = (manifest: JsonObject): string => {
  const own = stringOf(manifest['artifactType'])
  if (own !== '') return own
  const config = stringOf(objectOf(manifest['config'])['mediaType'])
  const [layer] = objectsOf(manifest['layers'])
  const isPlain = CONFIGS.includes(config) || config === 'application/vnd.oci.empty.v1+json'
  return isPlain ? stringOf(layer?.['mediaType']) : config
}
