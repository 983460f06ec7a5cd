import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { madeTar as madeLongTar } from '../bootstrap/stage/made-deb.ts'
import {
  blob,
  CONFIG,
  inspected,
  inspectedTar,
  json,
  LAYER,
  MANIFEST,
  nameOf,
  of,
  PARTS,
  RIGHT,
} from './documents.ts'
import { digestOf, type Made } from './make-tar.ts'

const LAYOUT: Made = { path: 'oci-layout', body: '{}' }

const layout = (manifests: readonly unknown[], more: readonly Made[] = PARTS) =>
  inspected([LAYOUT, { path: 'index.json', body: json({ manifests }) }, ...more])

test.each([
  [{ 'io.containerd.image.name': 'docker.io/library/a:1' }, 'a:1'],
  [{ 'io.containerd.image.name': 'docker.io/ada/a:1' }, 'ada/a:1'],
  [{ 'io.containerd.image.name': 'x.docker.io/library/a:1' }, 'x.docker.io/library/a:1'],
  [{ 'org.opencontainers.image.ref.name': '1' }, '1'],
  [{ 'io.containerd.image.name': 'a:2', 'org.opencontainers.image.ref.name': '2' }, 'a:2'],
])('of an index %j is the name %s', async (annotations, name) => {
  const facts = await layout([of(MANIFEST, { annotations })])
  expect(facts).toMatchObject({ ...RIGHT, formats: ['oci'], references: [name] })
  expect(facts.images).toHaveLength(1)
})

test('an index without names has none', async () => {
  expect((await layout([of(MANIFEST)])).references).toEqual([])
})

test('an index that is no JSON, is in another encoding or has no mark beside it is told', async () => {
  const told = async (body: Buffer | string, entries: readonly Made[] = [LAYOUT]) =>
    (await inspected([...entries, { path: 'index.json', body }, ...PARTS])).problems
  expect(await told('{')).toEqual(['index.json is not JSON.'])
  expect(await told('text')).toEqual(['index.json is not JSON.'])
  expect(await told(`\ufeff{"manifests":[]}`)).toEqual([
    'index.json begins with a byte order mark, which JSON must not have: engines refuse it.',
  ])
  expect(await told(Buffer.from('{"manifests":[]}', 'utf16le'))).toEqual([
    'index.json is text of another encoding than UTF-8 (UTF-16, by its zeros).',
  ])
  expect(await told(json({ manifests: [of(MANIFEST)] }), [])).toEqual([
    'The file oci-layout is missing.',
  ])
})

test.each<[string, unknown, object]>([
  [
    'no digest',
    { digest: 'nonsense', size: 1 },
    { problems: ['blobs/nonsense is named by something that is not a digest.'] },
  ],
  [
    'a digest that is cut',
    { digest: `sha256:${'a'.repeat(63)}`, size: 1 },
    { problems: [`blobs/sha256/${'a'.repeat(63)} is named by something that is not a digest.`] },
  ],
  [
    'a blob that is missing',
    { digest: `sha256:${'a'.repeat(64)}`, size: 1 },
    { problems: [`blobs/sha256/${'a'.repeat(64)} is missing.`] },
  ],
  [
    'another size',
    of(MANIFEST, { size: 'many' }),
    { problems: [`${nameOf(MANIFEST)} has the size ${MANIFEST.length}, but many is promised.`] },
  ],
  ['what is no manifest', of(LAYER), { problems: [`${nameOf(LAYER)} is not a manifest.`] }],
])('of an index with %s', async (_, entry, found) => {
  expect(await layout([entry])).toMatchObject({ verdict: 'wrong', ...found })
})

test('a digest by an algorithm that is not known is not looked at, one that is is verified', async () => {
  const body = json({ config: of(CONFIG), layers: [of(LAYER)] })
  const named = (algorithm: string, hex: string) => {
    const manifests = [{ digest: `${algorithm}:${hex}`, size: body.length }]
    const files = [
      LAYOUT,
      { path: 'index.json', body: json({ manifests }) },
      ...PARTS,
      { path: `blobs/${algorithm}/${hex}`, body },
    ]
    // The tests' own writer has no long names.
    return inspectedTar(madeLongTar(files.map(file => ({ ...file, body: String(file.body) }))))
  }
  expect(await named('blake3', 'abc')).toMatchObject({
    verdict: 'right-as-far',
    notLookedAt: [
      { what: 'blobs/blake3/abc', why: 'its digest is made by blake3, which is not known here' },
    ],
  })
  for (const algorithm of ['sha512', 'sha384']) {
    expect(await named(algorithm, createHash(algorithm).update(body).digest('hex'))).toMatchObject(
      RIGHT,
    )
    const other = createHash(algorithm).update('other').digest('hex')
    const { problems } = await named(algorithm, other)
    expect(problems.join()).toContain(`is damaged: its bytes have the digest ${algorithm}:`)
  }
})

const ATTESTATION = json({
  config: of(CONFIG),
  layers: [of(LAYER, { mediaType: 'application/vnd.in-toto+json' })],
})
const ARTIFACT = json({ artifactType: 'example/chart', config: of(CONFIG), layers: [of(LAYER)] })

const PLAIN = json({ config: of(CONFIG), layers: [of(LAYER)], annotations: {} })

test.each([
  ['an annotation', PLAIN, { annotations: { 'vnd.docker.reference.type': 'x' } }, 'attestation'],
  ['its platform', PLAIN, { platform: { os: 'unknown', architecture: 'unknown' } }, 'attestation'],
  ['its layers', ATTESTATION, {}, 'attestation'],
  ['its own type', ARTIFACT, {}, 'artifact'],
])('what stands beside an image is told apart by %s', async (_, bytes, more, kind) => {
  const facts = await layout([of(MANIFEST), of(bytes, more)], [...PARTS, blob(bytes)])
  expect(facts).toMatchObject(RIGHT)
  expect(facts.beside.map(one => [one.kind, one.digest])).toEqual([[kind, digestOf(bytes)]])
  expect(facts.images).toHaveLength(1)
})

test('what attests to an image may be absent, and its parts must be there', async () => {
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
  expect(await layout([of(MANIFEST), of(ATTESTATION, { annotations })])).toMatchObject(RIGHT)
  const gone = json({
    artifactType: 'x',
    layers: [{ digest: `sha256:${'e'.repeat(64)}`, size: 1 }],
  })
  const { problems } = await layout([of(MANIFEST), of(gone)], [...PARTS, blob(gone)])
  expect(problems).toEqual([`blobs/sha256/${'e'.repeat(64)} is missing.`])
  const empty = json({ artifactType: 'x', config: of(Buffer.from('{}'), { data: 'e30=' }) })
  expect(await layout([of(empty)], [blob(empty)])).toMatchObject(RIGHT)
})

test('a nested index notes what was not saved with it, eight by name', async () => {
  const absent = (at: number, platform: object) => ({
    digest: `sha256:${String(at).padStart(64, '0')}`,
    size: 1,
    platform,
  })
  const others = [
    absent(1, { os: 'linux', architecture: 'arm', variant: 'v7' }),
    absent(2, {}),
    ...[3, 4, 5, 6, 7, 8, 9, 10].map(at => absent(at, { os: 'linux', architecture: `a${at}` })),
  ]
  const index = json({ manifests: [of(MANIFEST), ...others] })
  const facts = await layout([of(index)], [...PARTS, blob(index)])
  expect(facts).toMatchObject({ verdict: 'right', problems: [] })
  expect(facts.notes).toEqual([
    'Its index also lists what was not saved with it: linux/arm/v7, an image without a platform, linux/a3, linux/a4, linux/a5, linux/a6, linux/a7, linux/a8 and 2 more.',
  ])
  const alone = json({ manifests: others.slice(0, 2) })
  const { problems } = await layout([of(alone)], [blob(alone)])
  expect(problems).toHaveLength(2)
})

test('an index in an index is followed four deep', async () => {
  const nested = (depth: number): { readonly bytes: Buffer; readonly all: readonly Made[] } => {
    if (depth === 0) return { bytes: MANIFEST, all: PARTS }
    const inner = nested(depth - 1)
    const bytes = json({ manifests: [of(inner.bytes)] })
    return { bytes, all: [...inner.all, blob(bytes)] }
  }
  const four = nested(4)
  expect(await layout([of(four.bytes)], four.all)).toMatchObject({ verdict: 'right' })
  const five = nested(5)
  expect(await layout([of(five.bytes)], five.all)).toMatchObject({
    verdict: 'right-as-far',
    images: [],
    notLookedAt: [{ what: 'An index', why: 'it is nested too deeply' }],
  })
})

test('a manifest that is listed twice is one image, and of a thousand the rest is not looked at', async () => {
  expect((await layout([of(MANIFEST), of(MANIFEST)])).images).toHaveLength(1)
  const many = Array.from({ length: 1001 }, (_, at) => ({
    digest: `sha256:${String(at).padStart(64, '0')}`,
    size: 1,
  }))
  const facts = await layout(many)
  expect(facts.notLookedAt).toEqual([
    { what: 'More manifests', why: 'they come after the first 1000' },
  ])
  expect(facts.problems).toHaveLength(100)
})

test.each([
  [
    { urls: ['https://layers.example/1'] },
    'it is not in the archive, but kept at https://layers.example/1',
  ],
  [
    { mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' },
    'it is not in the archive, but kept at its registry',
  ],
  [
    { mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar' },
    'it is not in the archive, but kept at its registry',
  ],
])('a layer of %j that is not here is kept elsewhere', async (more, why) => {
  const manifest = json({ config: of(CONFIG), layers: [of(LAYER, more)] })
  const facts = await layout([of(manifest)], [blob(CONFIG), blob(manifest)])
  expect(facts).toMatchObject({
    verdict: 'right-as-far',
    notLookedAt: [{ what: `Layer ${nameOf(LAYER)}`, why }],
  })
  expect(facts.images[0]!.layers[0]).toMatchObject({ digest: digestOf(LAYER), unread: why })
})
