import { createHash } from 'node:crypto'
import type { ImageNotes, LayerSizes } from './types.ts'

/** The media types of the OCI image specification 1.0 that an archive of ours uses. */
const MEDIA = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const

const CREATED = '1970-01-01T00:00:00Z'

/** A blob with its digest, `sha256:…`. */
export interface Blob {
  readonly digest: string
  readonly bytes: Buffer
}

/** Everything of an archive but the layer: two blobs and three files at the top. */
export interface ImageDocuments {
  readonly config: Blob
  readonly manifest: Blob
  readonly files: Readonly<Record<'index.json' | 'manifest.json' | 'oci-layout', Buffer>>
}

/** Returns the documents of an image of one layer; the same spec and layer give the same bytes. */
export const imageDocuments = (
  spec: ImageNotes,
  layer: Pick<LayerSizes, 'diffId' | 'layerBytes'>,
): ImageDocuments => {
  const config = blob(configOf(spec, layer.diffId))
  const manifest = blob(manifestOf(config, layer))
  return {
    config,
    manifest,
    files: {
      'index.json': json(indexOf(spec, manifest)),
      'manifest.json': json(dockerManifest(spec, config, layer.diffId)),
      'oci-layout': json({ imageLayoutVersion: '1.0.0' }),
    },
  }
}

/** An image of several with its documents. */
export interface Member {
  readonly spec: ImageNotes
  readonly layer: Pick<LayerSizes, 'diffId' | 'layerBytes'>
  readonly documents: ImageDocuments
}

/**
 * Returns what joins images for several platforms under the name of the first: an index as a blob, which `index.json`
 * names, and for engines that know no index a `manifest.json` that names the image of `own` alone.
 */
export const indexDocuments = (
  members: readonly [Member, ...Member[]],
  own: Member,
): { readonly index: Blob; readonly files: ImageDocuments['files'] } => {
  const index = blob({
    schemaVersion: 2,
    mediaType: MEDIA.index,
    manifests: members.map(({ spec, documents }) => platformEntry(spec, documents.manifest)),
  })
  const { reference } = members[0].spec
  return {
    index,
    files: {
      ...own.documents.files,
      'index.json': json({
        schemaVersion: 2,
        mediaType: MEDIA.index,
        manifests: [
          {
            mediaType: MEDIA.index,
            digest: index.digest,
            size: index.bytes.length,
            annotations: namesOf(reference),
          },
        ],
      }),
    },
  }
}

/** Returns where an archive keeps the blob of a digest `sha256:…`. */
export const blobPath = (digest: string): string => `blobs/${digest.replace(':', '/')}`

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))

const blob = (value: unknown): Blob => {
  const bytes = json(value)
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` }
}

const configOf = (spec: ImageNotes, diffId: string): unknown => ({
  created: spec.created ?? CREATED,
  architecture: spec.arch,
  ...(spec.variant === undefined ? {} : { variant: spec.variant }),
  os: 'linux',
  config: runConfig(spec),
  rootfs: { type: 'layers', diff_ids: [diffId] },
  history: [{ created: spec.created ?? CREATED, created_by: 'create-base-image' }],
})

const runConfig = (spec: ImageNotes): unknown => ({
  ...(spec.user === undefined ? {} : { User: spec.user }),
  ...(spec.expose === undefined
    ? {}
    : { ExposedPorts: Object.fromEntries([...spec.expose].sort().map(port => [port, {}])) }),
  ...(spec.env === undefined ? {} : { Env: spec.env }),
  ...(spec.entrypoint === undefined ? {} : { Entrypoint: spec.entrypoint }),
  ...(spec.cmd === undefined ? {} : { Cmd: spec.cmd }),
  ...(spec.workdir === undefined ? {} : { WorkingDir: spec.workdir }),
  ...(spec.labels === undefined ? {} : { Labels: sorted(spec.labels) }),
})

// By code units: a locale's order would differ from machine to machine.
const sorted = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

const manifestOf = (config: Blob, layer: Pick<LayerSizes, 'diffId' | 'layerBytes'>): unknown => ({
  schemaVersion: 2,
  mediaType: MEDIA.manifest,
  config: { mediaType: MEDIA.config, digest: config.digest, size: config.bytes.length },
  layers: [{ mediaType: MEDIA.layer, digest: layer.diffId, size: layer.layerBytes }],
})

const indexOf = (spec: ImageNotes, manifest: Blob): unknown => ({
  schemaVersion: 2,
  mediaType: MEDIA.index,
  manifests: [{ ...platformEntry(spec, manifest), annotations: namesOf(spec.reference) }],
})

const platformEntry = (spec: ImageNotes, manifest: Blob) => ({
  mediaType: MEDIA.manifest,
  digest: manifest.digest,
  size: manifest.bytes.length,
  platform: {
    architecture: spec.arch,
    os: 'linux',
    ...(spec.variant === undefined ? {} : { variant: spec.variant }),
  },
})

/** containerd, and Docker with containerd's store, want the name in full. */
const namesOf = (reference: string) => ({
  'io.containerd.image.name': fullName(reference),
  'org.opencontainers.image.ref.name': reference,
})

/** Returns a reference with its registry: `hello:latest` is `docker.io/library/hello:latest`. */
const fullName = (reference: string): string => {
  const slash = reference.indexOf('/')
  if (slash === -1) return `docker.io/library/${reference}`
  const first = reference.slice(0, slash)
  const isRegistry = first === 'localhost' || /[.:]/.test(first)
  return isRegistry ? reference : `docker.io/${reference}`
}

const dockerManifest = (spec: ImageNotes, config: Blob, diffId: string): unknown => [
  { Config: blobPath(config.digest), RepoTags: [spec.reference], Layers: [blobPath(diffId)] },
]
