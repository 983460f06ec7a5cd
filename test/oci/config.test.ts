import { expect, test } from 'vitest'
import { blobPath, imageDocuments, indexDocuments } from '../../src/oci/config.ts'
import type { ImageNotes } from '../../src/oci/types.ts'
import { digestOf } from './make-tar.ts'

const LAYER = { diffId: `sha256:${'d'.repeat(64)}`, layerBytes: 3584 }
const FULL: ImageNotes = {
  reference: 'reg.example:5000/a/b:1',
  arch: 'arm',
  variant: 'v7',
  created: '2026-01-02T03:04:05Z',
  entrypoint: ['/e'],
  cmd: ['c'],
  env: ['A=1'],
  expose: ['90/udp', '80/tcp'],
  user: '1:2',
  workdir: '/w',
  labels: { b: '2', a: '1' },
}

const read = (bytes: Buffer): unknown => JSON.parse(bytes.toString())

test('every document says all that the image says of itself, in the types of OCI', () => {
  const { config, manifest, files } = imageDocuments(FULL, LAYER)
  expect(config.bytes.toString()).toBe(
    JSON.stringify({
      created: '2026-01-02T03:04:05Z',
      architecture: 'arm',
      variant: 'v7',
      os: 'linux',
      config: {
        User: '1:2',
        ExposedPorts: { '80/tcp': {}, '90/udp': {} },
        Env: ['A=1'],
        Entrypoint: ['/e'],
        Cmd: ['c'],
        WorkingDir: '/w',
        Labels: { a: '1', b: '2' },
      },
      rootfs: { type: 'layers', diff_ids: [LAYER.diffId] },
      history: [{ created: '2026-01-02T03:04:05Z', created_by: 'create-base-image' }],
    }),
  )
  expect(config.digest).toBe(digestOf(config.bytes))
  expect(read(manifest.bytes)).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: config.digest,
      size: config.bytes.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar',
        digest: LAYER.diffId,
        size: LAYER.layerBytes,
      },
    ],
  })
  expect(read(files['index.json'])).toEqual({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: manifest.digest,
        size: manifest.bytes.length,
        platform: { architecture: 'arm', os: 'linux', variant: 'v7' },
        annotations: {
          'io.containerd.image.name': 'reg.example:5000/a/b:1',
          'org.opencontainers.image.ref.name': 'reg.example:5000/a/b:1',
        },
      },
    ],
  })
  expect(read(files['manifest.json'])).toEqual([
    {
      Config: blobPath(config.digest),
      RepoTags: ['reg.example:5000/a/b:1'],
      Layers: [blobPath(LAYER.diffId)],
    },
  ])
  expect(read(files['oci-layout'])).toEqual({ imageLayoutVersion: '1.0.0' })
})

test('what is not said is not there, and the day is the first of 1970', () => {
  const { config, files } = imageDocuments({ reference: 'hello:latest', arch: 'amd64' }, LAYER)
  const created = '1970-01-01T00:00:00Z'
  expect(read(config.bytes)).toEqual({
    created,
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [LAYER.diffId] },
    history: [{ created, created_by: 'create-base-image' }],
  })
  expect(files['index.json'].toString()).toContain(
    '"platform":{"architecture":"amd64","os":"linux"}',
  )
})

test.each([
  ['hello:latest', 'docker.io/library/hello:latest'],
  ['ada/hello:1', 'docker.io/ada/hello:1'],
  ['localhost/hello:1', 'localhost/hello:1'],
  ['reg.example/hello:1', 'reg.example/hello:1'],
  ['reg:5000/hello:1', 'reg:5000/hello:1'],
])('containerd finds %s as %s', (reference, full) => {
  const { files } = imageDocuments({ reference, arch: 'amd64' }, LAYER)
  expect(files['index.json'].toString()).toContain(`"io.containerd.image.name":"${full}"`)
})

test('an index lists each platform, and index.json names that index alone', () => {
  const members = ['amd64', 'arm64'].map(arch => {
    const spec = { reference: 'hello:1', arch }
    return { spec, layer: LAYER, documents: imageDocuments(spec, LAYER) }
  })
  const [first, second] = members
  const { index, files } = indexDocuments([first!, second!], second!)
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  expect(read(index.bytes)).toEqual({
    schemaVersion: 2,
    mediaType,
    manifests: members.map(({ spec, documents: { manifest } }) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: manifest.digest,
      size: manifest.bytes.length,
      platform: { architecture: spec.arch, os: 'linux' },
    })),
  })
  expect(read(files['index.json'])).toEqual({
    schemaVersion: 2,
    mediaType,
    manifests: [
      {
        mediaType,
        digest: index.digest,
        size: index.bytes.length,
        annotations: {
          'io.containerd.image.name': 'docker.io/library/hello:1',
          'org.opencontainers.image.ref.name': 'hello:1',
        },
      },
    ],
  })
  expect(files['manifest.json']).toBe(second!.documents.files['manifest.json'])
})
