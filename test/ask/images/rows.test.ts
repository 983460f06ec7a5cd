import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ANSWERS, AXES, readImages } from '../../../src/ask/images/file.ts'
import { imagesSchema } from '../../../src/ask/images/json-schema.ts'
import { rowsOf } from '../../../src/ask/images/rows.ts'

const fileOf = (content: unknown): string => {
  const folder = mkdtempSync(join(tmpdir(), 'images-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(join(folder, 'base-images.json'), text)
  return folder
}

const rows = (content: object) =>
  rowsOf(readImages('base-images.json', fileOf({ version: 1, ...content })))

const names = (content: object): string[] => rows(content).map(({ name }) => name)

test('a matrix multiplies the images that leave its answers open, in the order of the file', () => {
  const content = {
    defaults: { slim: true, libc: 'musl' },
    matrix: { release: ['noble', 'fedora:44'], arch: ['amd64', 'arm64'] },
    images: [
      { name: 'acme/base:{release}-{arch}' },
      { name: 'acme/{distro}{slim}', distro: 'debian', release: 'trixie', arch: 'amd64' },
      { name: 'hello-{arch}', kind: 'minimal' },
      { name: 'sizes{slim}', release: 'sid', arch: 'amd64', matrix: { slim: [true, false] } },
    ],
  }
  const made = rows(content)
  expect(made.map(({ name }) => name)).toEqual([
    'acme/base:noble-amd64',
    'acme/base:noble-arm64',
    'acme/base:fedora-44-amd64',
    'acme/base:fedora-44-arm64',
    'acme/debian-slim',
    'hello-amd64',
    'hello-arm64',
    'sizes-slim',
    'sizes',
  ])
  expect(made[2]).toMatchObject({
    archs: ['amd64'],
    texts: { kind: 'full', release: 'fedora:44', slim: 'yes' },
  })
  expect(made[2]!.folder).toMatch(/images\/acme-base-fedora-44-amd64$/)
  expect(made[5]!.texts).toEqual({ kind: 'minimal', libc: 'musl' })
})

test('several architectures of one image stay one row', () => {
  const [row] = rows({ images: [{ name: 'a', arch: ['amd64', 'aarch64', 'arm64'] }] })
  expect(row!.archs).toEqual(['amd64', 'arm64'])
})

test.each<[string, object, RegExp]>([
  ['a name twice', { images: [{ name: 'a' }, { name: 'a' }] }, /two images have the name a/],
  [
    'a matrix that its name does not tell',
    { matrix: { arch: ['amd64', 'arm64'] }, images: [{ name: 'a' }] },
    /two images have the name a/,
  ],
  [
    'a folder in another',
    {
      images: [
        { name: 'a', folder: 'q' },
        { name: 'b', folder: 'q/r' },
        { name: 'c', folder: 'qr' },
      ],
    },
    /the folder of b is in that of a\./,
  ],
  [
    'a name in two spellings',
    { images: [{ name: 'a:latest' }, { name: 'docker.io/library/a', folder: 'b' }] },
    /two images have the name a:latest; docker\.io\/library\/a is the same one/,
  ],
  [
    'one architecture in the name of an image of several',
    { images: [{ name: 'a:{arch}', arch: ['amd64', 'arm64'] }] },
    /Image a:\{arch\}: it is one image for several architectures/,
  ],
  ['a folder twice', { images: [{ name: 'a/b' }, { name: 'a-b' }] }, /two images have the folder/],
  ['no image', { images: [] }, /"images" must have one image/],
  [
    'an empty axis',
    { matrix: { arch: [] }, images: [{ name: 'a' }] },
    /"matrix.arch" must name a value/,
  ],
  [
    'an unknown key',
    { images: [{ name: 'a', relase: 'noble' }] },
    /"images.0.relase" is not a known key/,
  ],
  ['no name', { images: [{}] }, /"images.0.name" is missing/],
  ['a number', { images: [{ name: 'a', release: 24.04 }] }, /"images.0.release" must be/],
  ['an empty text', { images: [{ name: '' }] }, /"images.0.name" must not be empty/],
  ['another version', { version: 2, images: [{ name: 'a' }] }, /"version" must be 1/],
  [
    'a word without a value',
    { images: [{ name: '{release}' }] },
    /Image \{release\}: \{release\} has no value/,
  ],
  ['an unknown word', { images: [{ name: '{os}' }] }, /\{os\} has no value/],
  [
    'an unknown platform',
    { images: [{ name: 'a', arch: 'z80' }] },
    /Image a: --arch does not accept/,
  ],
  [
    'both kinds',
    { images: [{ name: 'a', libc: 'musl', release: 'noble' }] },
    /Image a: .*--libc asks for a minimal image/,
  ],
  [
    'ten thousand rows',
    {
      matrix: {
        release: Array.from({ length: 100 }, (_, i) => `r${i}`),
        variant: Array(100).fill('v'),
      },
      images: [{ name: '{release}' }],
    },
    /makes 10000 images by its matrix; 256 is the most/,
  ],
])('%s is refused, and the place named', (_, content, words) => {
  expect(() => names(content)).toThrow(words)
})

test('a file that is none, and one that is no JSON, say so', () => {
  const folder = fileOf('{"version": 1,}')
  expect(() => readImages('base-images.json', folder)).toThrow(/is not JSON/)
  expect(() => readImages('other.json', folder)).toThrow(/There is no .*other\.json/)
  expect(() => readImages('.', folder)).toThrow(/is not a regular file/)
})

test('the published schema knows each answer and axis, and no other', () => {
  const { properties } = imagesSchema() as {
    properties: Record<string, { properties: object; items: { properties: object } }>
  }
  expect(Object.keys(properties['defaults']!.properties)).toEqual(ANSWERS)
  expect(Object.keys(properties['images']!.items.properties)).toEqual([
    'name',
    'folder',
    'matrix',
    ...ANSWERS,
  ])
  expect(JSON.stringify(imagesSchema())).toContain(AXES.map(name => `{${name}}`).join(' '))
})
