import { expect, test } from 'vitest'
import type { StoredBlob } from '../../src/oci/blob.ts'
import { describeImage } from '../../src/oci/image-facts.ts'
import type { LayerLink } from '../../src/oci/links.ts'
import { digestOf } from './make-tar.ts'

const DIFF = `sha256:${'d'.repeat(64)}`
const OTHER = `sha256:${'e'.repeat(64)}`

const stored = (content: StoredBlob['content'], more: Partial<StoredBlob> = {}): StoredBlob => ({
  offset: 0,
  size: 99,
  digest: digestOf(Buffer.from('stored')),
  isSparse: false,
  content,
  ...more,
})

const layer = (more: object = {}): StoredBlob['content'] => ({
  kind: 'layer',
  diffId: DIFF,
  isPlain: false,
  bytes: 1024,
  problem: null,
  unread: null,
  files: 2,
  contentBytes: 7,
  biggest: [{ path: 'a', bytes: 5 }],
  paths: new Map([
    ['a', 5],
    ['b', 2],
  ]),
  starters: new Map(),
  ...more,
})

const linked = (content: StoredBlob['content'], more: Partial<StoredBlob> = {}): LayerLink => ({
  name: 'layer.tar',
  blob: stored(content, more),
})

const CONFIG = { os: 'linux', architecture: 'amd64', rootfs: { diff_ids: [DIFF] } }

const described = (config: unknown, layers: readonly LayerLink[] = [linked(layer())]) =>
  describeImage({
    by: 'manifest.json',
    name: 'c.json',
    config: stored({
      kind: 'json',
      text: typeof config === 'string' ? config : JSON.stringify(config),
    }),
    layers,
  })

test('a config and its layers are told whole', () => {
  const run = {
    Cmd: ['/a'],
    Entrypoint: '/a',
    Env: ['A=1'],
    User: 'me',
    WorkingDir: '/w',
    Labels: { a: 'b' },
  }
  const config = { ...CONFIG, variant: 'v8', created: '2026-01-01T00:00:00Z', config: run }
  expect(described(config)).toEqual({
    image: {
      id: digestOf(Buffer.from('stored')),
      os: 'linux',
      arch: 'amd64',
      variant: 'v8',
      created: '2026-01-01T00:00:00Z',
      cmd: ['/a'],
      entrypoint: ['/a'],
      env: ['A=1'],
      user: 'me',
      workdir: '/w',
      labels: { a: 'b' },
      uncompressedBytes: 7,
      tree: [
        { path: 'a', bytes: 5 },
        { path: 'b', bytes: 2 },
      ],
      layers: [
        {
          digest: digestOf(Buffer.from('stored')),
          diffId: DIFF,
          bytes: 1024,
          storedBytes: 99,
          files: 2,
          contentBytes: 7,
          hidBytes: 0,
          wastedBytes: 0,
          biggest: [{ path: 'a', bytes: 5 }],
        },
      ],
    },
    problems: [],
    notLookedAt: [],
  })
})

test.each([
  ['', 'it is not JSON'],
  ['{', 'it is not JSON'],
  ['[]', 'it is JSON, but not an object'],
  ['\ufeff{}', 'it begins with a byte order mark, which JSON must not have: engines refuse it'],
])('the config %j is none, and is told why', (text, why) => {
  expect(described(text)).toEqual({
    image: null,
    problems: [`c.json is not an image configuration: ${why}.`],
    notLookedAt: [],
  })
})

test('a config that is missing is a problem, and one that nobody read is not', () => {
  const link = { by: 'x', name: 'c.json', layers: [] }
  expect(describeImage({ ...link, config: null })).toEqual({
    image: null,
    problems: ['c.json is missing.'],
    notLookedAt: [],
  })
  const config = stored({ kind: 'unread', why: 'it is too big' })
  expect(describeImage({ ...link, config })).toEqual({
    image: null,
    problems: [],
    notLookedAt: [{ what: 'c.json', why: 'it is too big' }],
  })
})

test.each([
  [[], 'c.json promises 0 layers, but manifest.json has 1.'],
  [[DIFF, DIFF], 'c.json promises 2 layers, but manifest.json has 1.'],
])('another number of layers than it promises is told: %j', (diff_ids, problem) => {
  expect(described({ rootfs: { diff_ids } }).problems).toContain(problem)
})

test('one layer is one', () => {
  expect(described(CONFIG, []).problems).toEqual([
    'c.json promises 1 layer, but manifest.json has 0.',
  ])
})

const KEYS = {
  texts: ['User', 'WorkingDir', 'StopSignal'],
  lists: ['Env', 'OnBuild'],
  tables: ['Labels', 'ExposedPorts', 'Volumes'],
  words: ['Cmd', 'Entrypoint'],
}

test.each([
  ...KEYS.texts.map(key => [key, ['x'], 'x'] as const),
  ...KEYS.lists.map(key => [key, 'x', ['x']] as const),
  ...KEYS.lists.map(key => [key, [1], []] as const),
  ...KEYS.tables.map(key => [key, ['x'], {}] as const),
  ...KEYS.words.map(key => [key, { x: 1 }, 'x'] as const),
  ...KEYS.words.map(key => [key, ['x', 1], ['x']] as const),
])('%s that is %j is refused by engines, %j is not', (key, wrong, right) => {
  const told = (value: unknown) => described({ ...CONFIG, config: { [key]: value } }).problems
  expect(told(wrong)).toEqual([`c.json has a ${key} of a wrong type: engines refuse it.`])
  for (const value of [right, null, undefined]) expect(told(value)).toEqual([])
})

test('a config within that is none is refused, and one that is absent is not', () => {
  expect(described({ ...CONFIG, config: [] }).problems).toEqual([
    'c.json has a config that is not an object: engines refuse it.',
  ])
  expect(described({ ...CONFIG, config: null }).problems).toEqual([])
})

/** What is told of one layer: its problem or why nobody looked, or null. */
const told = (link: LayerLink, diffId = DIFF): string | null => {
  const { problems, notLookedAt } = described({ rootfs: { diff_ids: [diffId] } }, [link])
  expect(problems.length + notLookedAt.length).toBeLessThanOrEqual(1)
  return problems[0] ?? notLookedAt[0]?.why ?? null
}

const SHA512 = `sha512:${'f'.repeat(128)}`

test.each<[string, LayerLink, string | null, string?]>([
  ['as promised', linked(layer()), null],
  [
    'of another diffID',
    linked(layer({ diffId: OTHER })),
    `Layer layer.tar is not what the configuration promises: its diffID is ${OTHER}, not ${DIFF}.`,
  ],
  ['missing', { name: 'layer.tar', blob: null }, 'Layer layer.tar is missing.'],
  [
    'kept elsewhere',
    { name: 'layer.tar', blob: null, elsewhere: 'https://x' },
    'it is not in the archive, but kept at https://x',
  ],
  ['that nobody read', linked({ kind: 'unread', why: 'it is too many' }), 'it is too many'],
  ['that is JSON', linked({ kind: 'json', text: '{}' }), 'Layer layer.tar is not a tar.'],
  ['that is nothing', linked(null), 'Layer layer.tar is not a tar.'],
  [
    'that is damaged',
    linked(layer({ diffId: null, problem: 'it is cut' })),
    'Layer layer.tar cannot be read: it is cut.',
  ],
  ['not read to its end', linked(layer({ diffId: null, unread: 'it is huge' })), 'it is huge'],
  ['not read, though of another diffID', linked(layer({ diffId: OTHER, unread: 'huge' })), 'huge'],
  [
    'with a diffID of another algorithm',
    linked(layer()),
    'its diffID is made by another algorithm than SHA-256',
    SHA512,
  ],
  ['named by that very diffID', linked(layer({ isPlain: true }), { named: SHA512 }), null, SHA512],
  [
    'compressed and named by that',
    linked(layer(), { named: SHA512 }),
    'its diffID is made by another algorithm than SHA-256',
    SHA512,
  ],
  [
    'with a diffID that is none',
    linked(layer()),
    `Layer layer.tar is not what the configuration promises: its diffID is ${DIFF}, not nonsense.`,
    'nonsense',
  ],
])('a layer %s', (_, link, words, diffId) => {
  expect(told(link, diffId)).toBe(words)
})

test('a layer that was not read whole makes no tree, and its digest is the one that names it', () => {
  const cut = linked(layer({ diffId: null, problem: 'it is cut' }))
  expect(described(CONFIG, [cut]).image!.tree).toEqual([])
  const gone: LayerLink = { name: 'l', blob: null, digest: OTHER, elsewhere: 'x' }
  expect(described(CONFIG, [gone]).image!.layers[0]).toEqual({
    digest: OTHER,
    diffId: DIFF,
    bytes: 0,
    storedBytes: 0,
    files: 0,
    contentBytes: 0,
    hidBytes: 0,
    wastedBytes: 0,
    unread: 'it is not in the archive, but kept at x',
    biggest: [],
  })
  expect(described(CONFIG, [{ name: 'l', blob: null }]).image!.layers[0]).not.toHaveProperty(
    'digest',
  )
})

test('at most a hundred problems are told', () => {
  const links = Array.from({ length: 150 }, (): LayerLink => ({ name: 'l', blob: null }))
  expect(described(CONFIG, links).problems).toHaveLength(100)
})
