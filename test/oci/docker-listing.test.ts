import { expect, test } from 'vitest'
import { CONFIG, inspected, json, LAYER, RIGHT } from './documents.ts'
import { digestOf, type Made } from './make-tar.ts'

const docker = (manifest: unknown, more: readonly Made[]) =>
  inspected([{ path: 'manifest.json', body: json(manifest) }, ...more])
const FILES: Made[] = [
  { path: 'c.json', body: CONFIG },
  { path: 'l/layer.tar', body: LAYER },
]
const IMAGE = { Config: 'c.json', RepoTags: ['a:1', 'a:2'], Layers: ['l/layer.tar'] }

test('a manifest.json lists images with their names', async () => {
  const facts = await docker([IMAGE], FILES)
  expect(facts).toMatchObject({ ...RIGHT, formats: ['docker'], references: ['a:1', 'a:2'] })
  expect(await docker([{ ...IMAGE, RepoTags: null }], FILES)).toMatchObject({
    ...RIGHT,
    references: [],
  })
})

test('what docker load refuses in it is told', async () => {
  const refused = async (change: object) =>
    (await docker([{ ...IMAGE, ...change }], FILES)).problems
  expect(await refused({ RepoTags: 'a' })).toEqual([
    'RepoTags in manifest.json is not a list of texts: docker load refuses it.',
  ])
  expect(await refused({ RepoTags: [1] })).toHaveLength(1)
  expect((await refused({ Layers: {} }))[0]).toBe(
    'Layers in manifest.json is not a list of texts: docker load refuses it.',
  )
  expect((await docker([IMAGE, { Layers: [] }, 'x'], FILES)).problems).toEqual([
    'manifest.json lists something that names no Config, so it is not an image.',
  ])
})

test('a layer that may not be handed on is kept where its source says', async () => {
  const hex = digestOf(LAYER).slice(7)
  const change = {
    Layers: [`${hex}/layer.tar`],
    LayerSources: {
      other: { digest: `sha256:${'0'.repeat(64)}`, urls: ['https://wrong.example'] },
      x: { digest: `sha256:${hex}`, urls: ['https://layers.example/2'] },
    },
  }
  expect(await docker([{ ...IMAGE, ...change }], FILES)).toMatchObject({
    verdict: 'right-as-far',
    notLookedAt: [
      {
        what: `Layer ${hex}/layer.tar`,
        why: 'it is not in the archive, but kept at https://layers.example/2',
      },
    ],
  })
  const { problems } = await docker([{ ...IMAGE, Layers: ['gone'] }], FILES)
  expect(problems).toEqual(['Layer gone is missing.'])
})

test('of more than a thousand images the rest is not looked at', async () => {
  const images = Array.from({ length: 1002 }, () => IMAGE)
  expect(await docker(images, FILES)).toMatchObject({
    verdict: 'right-as-far',
    notLookedAt: [{ what: 'More images', why: 'they come after the first 1000' }],
  })
})
