import { createHash } from 'node:crypto'

/** An entry of a tar written by the tests' own writer, which shares nothing with the one under test. */
export interface Made {
  readonly path: string
  readonly type?: string
  readonly body?: string | Buffer
  readonly link?: string
  readonly mode?: number
}

/** Returns a tar, with its end mark unless told otherwise. */
export const madeTar = (entries: readonly Made[], end = true): Buffer =>
  Buffer.concat([...entries.map(madeEntry), end ? Buffer.alloc(1024) : Buffer.alloc(0)])

const madeEntry = (entry: Made): Buffer => {
  const body = Buffer.from(entry.body ?? '')
  const block = Buffer.alloc(512)
  block.write(entry.path.slice(0, 100), 0, 'latin1')
  block.write(`${(entry.mode ?? 0o644).toString(8).padStart(7, '0')}\0`, 100)
  block.write('0000000\x000000000\0', 108)
  block.write(`${body.length.toString(8).padStart(11, '0')}\x0000000000000\0`, 124)
  block.write(' '.repeat(8), 148)
  block.write(entry.type ?? '0', 156)
  block.write(entry.link ?? '', 157)
  block.write('ustar\x0000', 257)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)])
}

/** A tar whose one file says that it has so many bytes; none of them follow. */
export const tarClaiming = (path: string, bytes: number): Buffer => {
  const block = madeEntry({ path }).subarray(0, 512)
  block.write(bytes.toString(8).padStart(11, '0'), 124)
  block.write(' '.repeat(8), 148)
  const sum = block.reduce((all, byte) => all + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** Returns `sha256:…` of bytes. */
export const digestOf = (bytes: Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** Returns a docker-archive over these layer tars, as `docker save` before version 25 wrote it. */
export const madeArchive = (
  layers: readonly Buffer[],
  run: unknown = { Cmd: ['/hello'] },
): Buffer => {
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: run,
      rootfs: { type: 'layers', diff_ids: layers.map(digestOf) },
    }),
  )
  const name = `${digestOf(config).slice(7)}.json`
  const files = layers.map((body, at) => ({ path: `l${at}/layer.tar`, body }))
  const manifest = [
    { Config: name, RepoTags: ['made:latest'], Layers: files.map(({ path }) => path) },
  ]
  return madeTar([
    ...files,
    { path: name, body: config },
    { path: 'manifest.json', body: JSON.stringify(manifest) },
  ])
}

/** Returns an archive that is an OCI image layout of one image, perhaps with something wrong. */
export const ociArchive = (
  config: Buffer,
  layers: readonly Buffer[],
  wrong: { readonly size?: number; readonly lost?: Buffer } = {},
): Buffer => {
  const described = (bytes: Buffer): object => ({
    digest: digestOf(bytes),
    size: wrong.size ?? bytes.length,
  })
  const manifest = Buffer.from(
    JSON.stringify({ config: described(config), layers: layers.map(described) }),
  )
  const blobs = [manifest, config, ...layers].filter(body => body !== wrong.lost)
  return madeTar([
    { path: 'oci-layout', body: '{}' },
    { path: 'index.json', body: JSON.stringify({ manifests: [described(manifest)] }) },
    ...blobs.map((body): Made => ({ path: `blobs/${digestOf(body).replace(':', '/')}`, body })),
  ])
}

/** Returns the config of an image of these layer tars. */
export const configFor = (tars: readonly Buffer[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { diff_ids: tars.map(digestOf) },
    }),
  )
