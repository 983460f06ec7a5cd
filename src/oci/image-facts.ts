import type { LayerContent, StoredBlob } from './blob.ts'
import { contentsOf, type Contents, type LayerFiles } from './contents.ts'
import { digestKind } from './digest.ts'
import { isObject, jsonFault, objectOf, parsedJson, stringOf, stringsOf, wordsOf } from './json.ts'
import type { JsonObject } from './json.ts'
import type { ImageLink, LayerLink } from './links.ts'
import { shown } from '../tar/problem.ts'
import type { ImageFacts, LayerFacts, NotLookedAt, RunFacts } from './types.ts'

const MOST_PROBLEMS = 100

/** An image's facts with what is wrong with it and what nobody looked at; no facts without a readable config. */
export interface Described {
  readonly image: ImageFacts | null
  readonly problems: readonly string[]
  readonly notLookedAt: readonly NotLookedAt[]
}

/** Returns the facts of an image, its layers checked against the diffIDs of its config. */
export const describeImage = (link: ImageLink): Described => {
  const name = shown(link.name)
  const content = link.config?.content
  if (link.config === null) return nothing([`${name} is missing.`])
  if (content?.kind === 'unread') return nothing([], [{ what: name, why: content.why }])
  const text = content?.kind === 'json' ? content.text : ''
  const config = parsedJson(text)
  if (!isObject(config)) return nothing([`${name} is not an image configuration: ${whyNot(text)}.`])
  const diffIds = stringsOf(objectOf(config['rootfs'])['diff_ids'])
  const layers = link.layers.map((layer, at) => describeLayer(layer, diffIds[at]))
  const contents = contentsOf(link.layers.map(talliedOf))
  const facts = layers.map((layer, at) => ({ ...layer.facts, ...contents.layers[at]! }))
  const problems = [
    ...countProblem(link, diffIds),
    ...configProblems(name, config),
    ...layers.flatMap(layer => layer.problems),
  ]
  return {
    image: withContents(imageFacts(link.config.digest, config, facts), contents),
    problems: problems.slice(0, MOST_PROBLEMS),
    notLookedAt: layers.flatMap(layer => layer.notLookedAt),
  }
}

/** Only a path tells where the program stands: a bare name is looked for in the folders of PATH. */
const withContents = (
  image: Omit<ImageFacts, OfContents>,
  { tree, lacks, lackedBy }: Contents,
): ImageFacts => {
  const [program = ''] = [...image.entrypoint, ...image.cmd]
  if (!program.startsWith('/')) return { ...image, tree }
  if (lacks(program)) return { ...image, tree, missing: program }
  const lacked = lackedBy(program)
  return lacked === null ? { ...image, tree } : { ...image, tree, lacks: lacked }
}

type OfContents = 'tree' | 'missing' | 'lacks'

const nothing = (
  problems: readonly string[],
  notLookedAt: readonly NotLookedAt[] = [],
): Described => ({ image: null, problems, notLookedAt })

const whyNot = (text: string): string => {
  const fault = text === '' ? 'is not JSON' : jsonFault(text)
  return `it ${fault ?? 'is JSON, but not an object'}`
}

const layerCount = (count: number): string => `${count} ${count === 1 ? 'layer' : 'layers'}`

const countProblem = (link: ImageLink, diffIds: readonly string[]): string[] =>
  link.layers.length === diffIds.length
    ? []
    : [
        `${shown(link.name)} promises ${layerCount(diffIds.length)}, but ${link.by} has ${link.layers.length}.`,
      ]

/** What engines refuse to load when it is of another type (Docker's and OCI's image configuration). */
const TEXTS: readonly string[] = ['User', 'WorkingDir', 'StopSignal']
const LISTS: readonly string[] = ['Env', 'OnBuild']
const TABLES: readonly string[] = ['Labels', 'ExposedPorts', 'Volumes']

const configProblems = (name: string, config: JsonObject): string[] => {
  const run = config['config']
  if (run === undefined || run === null) return []
  if (!isObject(run)) return [`${name} has a config that is not an object: engines refuse it.`]
  const wrong = [
    ...TEXTS.filter(key => !isAbsent(run[key]) && typeof run[key] !== 'string'),
    ...LISTS.filter(key => !isAbsent(run[key]) && !isTextList(run[key])),
    ...TABLES.filter(key => !isAbsent(run[key]) && !isObject(run[key])),
    ...['Cmd', 'Entrypoint'].filter(
      key => !isAbsent(run[key]) && typeof run[key] !== 'string' && !isTextList(run[key]),
    ),
  ]
  return wrong.map(key => `${name} has a ${key} of a wrong type: engines refuse it.`)
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null

const isTextList = (value: unknown): boolean =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

/** A layer that was not read whole makes the others' sums a guess. */
const talliedOf = ({ blob }: LayerLink): LayerFiles => {
  const content = blob?.content
  return content?.kind === 'layer' && content.diffId !== null ? content : { paths: null }
}

const imageFacts = (
  id: string,
  config: JsonObject,
  layers: readonly LayerFacts[],
): Omit<ImageFacts, OfContents> => ({
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
  cmd: wordsOf(run['Cmd']),
  entrypoint: wordsOf(run['Entrypoint']),
  env: stringsOf(run['Env']),
  user: stringOf(run['User']),
  workdir: stringOf(run['WorkingDir']),
  labels: Object.fromEntries(
    Object.entries(objectOf(run['Labels'])).map(([key, value]) => [key, stringOf(value)]),
  ),
})

interface DescribedLayer {
  readonly facts: Omit<LayerFacts, 'hidBytes' | 'wastedBytes'>
  readonly problems: readonly string[]
  readonly notLookedAt: readonly NotLookedAt[]
}

const describeLayer = (link: LayerLink, diffId = ''): DescribedLayer => {
  const found = link.blob?.content
  const content = found?.kind === 'layer' ? found : null
  const digest = link.blob?.digest ?? link.digest
  const unread = whyUnread(link, content, diffId)
  return {
    facts: {
      ...(digest === undefined ? {} : { digest }),
      diffId,
      bytes: content?.bytes ?? 0,
      storedBytes: link.blob?.size ?? 0,
      files: content?.files ?? 0,
      contentBytes: content?.contentBytes ?? 0,
      ...(unread === null ? {} : { unread }),
      biggest: content?.biggest ?? [],
    },
    problems: layerProblems(link, content, diffId),
    notLookedAt: unread === null ? [] : [{ what: `Layer ${shown(link.name)}`, why: unread }],
  }
}

const whyUnread = (
  { blob, elsewhere }: LayerLink,
  content: LayerContent | null,
  diffId: string,
): string | null => {
  if (blob === null) {
    return elsewhere === undefined
      ? null
      : `it is not in the archive, but kept at ${shown(elsewhere)}`
  }
  if (blob.content?.kind === 'unread') return blob.content.why
  if (content === null || content.unread !== null) return content?.unread ?? null
  return content.problem === null && needsOtherHash(blob, content, diffId)
    ? 'its diffID is made by another algorithm than SHA-256'
    : null
}

const needsOtherHash = (blob: StoredBlob, content: LayerContent, diffId: string): boolean =>
  digestKind(diffId) !== 'none' &&
  !diffId.startsWith('sha256:') &&
  !(content.isPlain && blob.named === diffId)

const layerProblems = (
  link: LayerLink,
  content: LayerContent | null,
  diffId: string,
): readonly string[] => {
  const layer = `Layer ${shown(link.name)}`
  if (link.blob === null) return link.elsewhere === undefined ? [`${layer} is missing.`] : []
  if (link.blob.content?.kind === 'unread') return []
  if (content === null) return [`${layer} is not a tar.`]
  const problems: string[] = []
  if (content.problem !== null) problems.push(`${layer} cannot be read: ${content.problem}.`)
  if (isOther(link.blob, content, diffId)) {
    problems.push(
      `${layer} is not what the configuration promises: its diffID is ${content.diffId}, not ${shown(diffId)}.`,
    )
  }
  return problems
}

const isOther = (blob: StoredBlob, content: LayerContent, diffId: string): boolean => {
  if (content.diffId === null || content.unread !== null) return false
  if (content.isPlain && blob.named === diffId) return false
  return content.diffId !== diffId && !needsOtherHash(blob, content, diffId)
}
