import { expect, test } from 'vitest'
import { artifactType, manifestKind } from '../../src/oci/media.ts'

const CONFIG = 'application/vnd.oci.image.config.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'
const of = (config: string | null, ...layers: (string | null)[]) => ({
  ...(config === null ? {} : { config: { mediaType: config } }),
  layers: layers.map(mediaType => (mediaType === null ? {} : { mediaType })),
})

test.each([
  ['image', of(CONFIG, LAYER), LAYER],
  ['image', of('application/vnd.docker.container.image.v1+json', LAYER), LAYER],
  ['image', of(null, null), ''],
  ['image', of(CONFIG), ''],
  ['image', of(CONFIG, 'application/vnd.docker.image.rootfs.diff.tar.gzip'), undefined],
  ['image', of(CONFIG, 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'), undefined],
  ['attestation', of(CONFIG, 'application/vnd.in-toto+json'), 'application/vnd.in-toto+json'],
  ['attestation', of(CONFIG, LAYER, 'application/vnd.in-toto+json'), LAYER],
  ['artifact', { ...of(CONFIG, LAYER), artifactType: 'example/sbom' }, 'example/sbom'],
  ['artifact', of('example/chart', 'example/tar'), 'example/chart'],
  ['artifact', of(CONFIG, 'application/vnd.dev.cosign.simplesigning.v1+json'), undefined],
  ['artifact', of(CONFIG, LAYER, 'text/plain'), LAYER],
  ['artifact', of(CONFIG, `x-${LAYER}`), `x-${LAYER}`],
  ['artifact', of(CONFIG, 'application/vnd.oci.image.layers'), undefined],
  ['artifact', of('application/vnd.oci.empty.v1+json', 'example/data'), 'example/data'],
] as const)('%s: %j', (kind, manifest, type) => {
  expect(manifestKind(manifest)).toBe(kind)
  if (type !== undefined) expect(artifactType(manifest)).toBe(type)
})
