import { objectsOf, parsedJson, stringOf, stringsOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ImageLink, Listing } from './links.ts'
import type { Survey } from './survey.ts'

const MOST_IMAGES = 1000

/**
 * Gives what the `manifest.json` of a docker-archive lists (a list of `Config`, `RepoTags`, `Layers`), or null when
 * there is none that is a list of images.
 */
export const dockerListing = (survey: Survey): Listing | null => {
  const text = survey.text('manifest.json')
  const listed = objectsOf(text === null ? null : parsedJson(text)).filter(isImage)
  const images = listed.slice(0, MOST_IMAGES)
  if (images.length === 0) return null
  return {
    format: 'docker',
    references: images.flatMap(image => stringsOf(image['RepoTags'])),
    images: images.map(image => linkOf(survey, image)),
    problems: [],
  }
}

const isImage = (image: JsonObject): boolean =>
  typeof image['Config'] === 'string' && Array.isArray(image['Layers'])

const linkOf = (survey: Survey, image: JsonObject): ImageLink => {
  const name = stringOf(image['Config'])
  const layers = stringsOf(image['Layers'])
  return {
    name,
    config: survey.find(name),
    layers: layers.map(layer => ({ name: layer, blob: survey.find(layer) })),
  }
}
