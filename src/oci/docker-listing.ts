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
import type { Survey } from './survey.ts'

const MOST_IMAGES = 1000

/**
 * Returns what the `manifest.json` of a docker-archive lists (a list of `Config`, `RepoTags`, `Layers`), or null when
 * there is none. What `docker load` refuses in it is a problem.
 */
export const dockerListing = (survey: Survey): Listing | null => {
  if (survey.find('manifest.json') === null) return null
  const document = survey.document('manifest.json')
  const value = document.text === null ? undefined : parsedJson(document.text)
  const listed = objectsOf(value).filter(isImage)
  // A manifest.json may be that of something else.
  if (value !== undefined && listed.length === 0) return null
  return {
    format: 'docker',
    references: listed.flatMap(image => stringsOf(image['RepoTags'])),
    images: listed.slice(0, MOST_IMAGES).map(image => linkOf(survey, image)),
    beside: [],
    problems: problemsOf(document.text, value),
    notLookedAt: [
      ...(document.unread === null ? [] : [{ what: 'manifest.json', why: document.unread }]),
      ...(listed.length > MOST_IMAGES
        ? [
            {
              what: 'More images',
              why: `they come after the first ${MOST_IMAGES}`,
            },
          ]
        : []),
    ],
    notes: [],
  }
}

const isImage = (image: JsonObject): boolean => typeof image['Config'] === 'string'

const problemsOf = (text: string | null, value: unknown): string[] => {
  if (text === null) return []
  const fault = jsonFault(text)
  if (fault !== null) return [`manifest.json ${fault}.`]
  return Array.isArray(value) ? value.flatMap(imageProblems) : []
}

const imageProblems = (image: unknown): string[] => {
  if (!isObject(image) || !isImage(image)) {
    return ['manifest.json lists something that names no Config, so it is not an image.']
  }
  return ['RepoTags', 'Layers']
    .filter(key => !isTextList(image[key]))
    .map(key => `${key} in manifest.json is not a list of texts: docker load refuses it.`)
}

const isTextList = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) && value.every(each => typeof each === 'string'))

const linkOf = (survey: Survey, image: JsonObject): ImageLink => {
  const name = stringOf(image['Config'])
  const sources = Object.values(objectOf(image['LayerSources'])).filter(isObject)
  const layers = stringsOf(image['Layers'])
  return {
    by: 'manifest.json',
    name,
    config: survey.find(name),
    layers: layers.map(layer => layerOf(survey, layer, sources)),
  }
}

// Layers that may not be handed on are left out by `docker save`, which then tells where they are kept.
const layerOf = (survey: Survey, name: string, sources: readonly JsonObject[]): LayerLink => {
  const blob = survey.find(name)
  if (blob !== null) return { name, blob }
  const hex = /[0-9a-f]{64}/.exec(name)?.[0]
  const source = sources.find(each => hex !== undefined && stringOf(each['digest']).endsWith(hex))
  const [url] = stringsOf(source?.['urls'])
  return { name, blob, ...(url === undefined ? {} : { elsewhere: url }) }
}
