import type { LayerContent } from './blob.ts'
import { isObject, objectOf, parsedJson, stringOf, stringsOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ImageLink, LayerLink } from './links.ts'
import { shown } from '../tar/problem.ts'
import type { ImageFacts, LayerFacts, RunFacts } from './types.ts'

const MOST_PROBLEMS = 100

/** An image's facts with what is wrong with it; no facts without a readable config. */
export interface Described {
  readonly image: ImageFacts | null
  readonly problems: readonly string[]
}

/** Gives the facts of an image, its layers checked against the diffIDs of its config. */
export const describeImage = (link: ImageLink): Described => {
  const content = link.config?.content
  const config = content?.kind === 'json' ? parsedJson(content.text) : undefined
  if (link.config === null) return { image: null, problems: [`${shown(link.name)} is missing.`] }
  if (!isObject(config)) {
    return { image: null, problems: [`${shown(link.name)} is no image configuration.`] }
  }
  const diffIds = stringsOf(objectOf(config['rootfs'])['diff_ids'])
  const layers = link.layers.map((layer, at) => describeLayer(layer, diffIds[at]))
  const facts = layers.map(layer => layer.facts)
  const problems = [...countProblem(link, diffIds), ...layers.flatMap(layer => layer.problems)]
  return {
    image: imageFacts(link.config.digest, config, facts),
    problems: problems.slice(0, MOST_PROBLEMS),
  }
}

const countProblem = (link: ImageLink, diffIds: readonly string[]): string[] =>
  link.layers.length === diffIds.length
    ? []
    : [
        `${shown(link.name)} promises ${diffIds.length} layers, but the manifest has ${link.layers.length}.`,
      ]

const imageFacts = (id: string, config: JsonObject, layers: readonly LayerFacts[]): ImageFacts => ({
  id,
  os: stringOf(config['os']),
  arch: stringOf(config['architecture']),
  ...optional('variant', config['variant']),
  ...optional('created', config['created']),
  ...runFacts(objectOf(config['config'])),
  layers,
  uncompressedBytes: layers.reduce((sum, layer) => sum + layer.contentBytes, 0),
})

const optional = <Key extends string>(key: Key, value: unknown): Partial<Record<Key, string>> => {
  const found: Partial<Record<Key, string>> = {}
  if (typeof value === 'string') found[key] = value
  return found
}

const runFacts = (run: JsonObject): RunFacts => ({
  cmd: stringsOf(run['Cmd']),
  entrypoint: stringsOf(run['Entrypoint']),
  env: stringsOf(run['Env']),
  user: stringOf(run['User']),
  workdir: stringOf(run['WorkingDir']),
  labels: Object.fromEntries(
    Object.entries(objectOf(run['Labels'])).map(([key, value]) => [key, stringOf(value)]),
  ),
})

interface DescribedLayer {
  readonly facts: LayerFacts
  readonly problems: readonly string[]
}

const describeLayer = (link: LayerLink, diffId = ''): DescribedLayer => {
  const content = link.blob?.content?.kind === 'layer' ? link.blob.content : null
  const digest = link.blob?.digest ?? link.digest
  return {
    facts: {
      ...(digest === undefined ? {} : { digest }),
      diffId,
      bytes: content?.bytes ?? 0,
      storedBytes: link.blob?.size ?? 0,
      files: content?.files ?? 0,
      contentBytes: content?.contentBytes ?? 0,
      biggest: content?.biggest ?? [],
    },
    problems: layerProblems(link, content, diffId),
  }
}

const layerProblems = (
  link: LayerLink,
  content: LayerContent | null,
  diffId: string,
): readonly string[] => {
  const layer = `Layer ${shown(link.name)}`
  if (link.blob === null) return [`${layer} is missing.`]
  if (content === null) return [`${layer} is no tar.`]
  const problems: string[] = []
  if (content.problem !== null) problems.push(`${layer} cannot be read: ${content.problem}.`)
  if (content.diffId !== null && content.diffId !== diffId) {
    problems.push(
      `${layer} is not what the configuration promises: its diffID is ${content.diffId}, not ${shown(diffId)}.`,
    )
  }
  return problems
}
