import { spawnSync } from 'node:child_process'
import { mkdir, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { layerSizes } from '../../src/oci/layer-sizes.ts'
import { packImage, packImages } from '../../src/oci/pack.ts'
import { unpackArchive } from '../../src/oci/unpack.ts'
import { tarEntries } from '../../src/tar/read.ts'
import type { ImageSpec } from '../../src/oci/types.ts'
import { digestOf } from './make-tar.ts'
import { room, specOf, textFile } from './room.ts'

const golden: ImageSpec = {
  reference: 'hello:latest',
  arch: 'arm64',
  variant: 'v8',
  files: [
    { path: 'hello', source: { bytes: Buffer.from('#!hello\n') }, mode: 0o755, uid: 1, gid: 2 },
    textFile('etc/passwd', 'root:x:0:0::/:/hello\n'),
  ],
  cmd: ['/hello', 'world'],
  env: ['PATH=/'],
  user: '1:2',
  workdir: '/etc',
  labels: { b: '2', a: '1' },
}

const filesOf = async (archive: string): Promise<Map<string, Buffer>> => {
  const bytes = await readFile(archive)
  const found = new Map<string, Buffer>()
  const once = async function* (): AsyncGenerator<Uint8Array> {
    yield bytes
  }
  for await (const entry of tarEntries(once(), { strict: true })) {
    found.set(entry.path, bytes.subarray(entry.offset, entry.offset + entry.size))
  }
  return found
}

test('a fixed spec has the diffID and image ID that other programs computed', async () => {
  const at = await room()
  const packed = await packImage(golden, join(at, 'image.tar'))
  expect(packed).toMatchObject({
    // Made by GNU tar (--format=ustar --mtime=@0 --sort=name -b1) and Python's json from the same values.
    diffId: 'sha256:0b4c99f683b9c6e9e7be2bbc3a605927ecf3c51fb40ef7d410fd1720d1bca4bc',
    id: 'sha256:015347ca10ef0e497c2764c4b365fcc39156e3b8435c5cd5bedac9d29f0b9458',
    layerBytes: 3584,
    contentBytes: 29,
  })
  expect(packed.archiveBytes).toBe((await stat(join(at, 'image.tar'))).size)
  // The same spec gives the same bytes everywhere: its folders, their modes and its order count too.
  expect(digestOf(await readFile(join(at, 'image.tar')))).toBe(
    'sha256:504fd5973d1349af5b2fdc04090312770f73e9b7032226d65cde6fd816ee3bc5',
  )
  expect(await layerSizes(golden.files)).toMatchObject({
    diffId: packed.diffId,
    compressedBytes: packed.compressedBytes,
  })
})

test('two packs of one spec are equal byte by byte, in whatever order it is given', async () => {
  const at = await room()
  await packImage(golden, join(at, 'one.tar'))
  const files = golden.files.toReversed()
  await packImage({ ...golden, files, labels: { a: '1', b: '2' } }, join(at, 'two.tar'))
  expect(await readFile(join(at, 'one.tar'))).toEqual(await readFile(join(at, 'two.tar')))
})

test('the time zone, the umask and the times and modes of sources make no difference', async () => {
  const at = await room()
  const source = join(at, 'source')
  await writeFile(source, 'the same')
  const before = await packInProcess(at, 'one.tar', { TZ: 'UTC' }, '022')
  await utimes(source, 1_000_000, 1_000_000)
  const after = await packInProcess(at, 'two.tar', { TZ: 'Pacific/Kiritimati', LC_ALL: 'C' }, '077')
  expect(after).toEqual(before)
  expect(before.length).toBeGreaterThan(1024)
})

// Node 20 reads no TypeScript, so the source is bundled for the child process.
const packInProcess = async (
  at: string,
  name: string,
  env: Readonly<Record<string, string>>,
  umask: string,
): Promise<Buffer> => {
  const { build } = await import('esbuild')
  const bundle = join(at, `${name}.mjs`)
  const entryPoints = [new URL('../../src/oci/pack.ts', import.meta.url).pathname]
  await build({ entryPoints, outfile: bundle, bundle: true, platform: 'node', format: 'esm' })
  const spec = specOf([{ path: 'a/b', source: { path: join(at, 'source') }, mode: 0o640 }])
  const code = `import { packImage } from ${JSON.stringify(bundle)}
    process.umask('${umask}')
    await packImage(${JSON.stringify(spec)}, ${JSON.stringify(join(at, name))})`
  const args = ['--input-type=module', '-e', code]
  const child = spawnSync(process.execPath, args, { env: { ...process.env, ...env } })
  expect(child.stderr.toString()).toBe('')
  return readFile(join(at, name))
}

test('one set of blobs serves both formats', async () => {
  const at = await room()
  const packed = await packImage(golden, join(at, 'image.tar'))
  const files = await filesOf(join(at, 'image.tar'))
  const blobs = [...files].filter(([path]) => /^blobs\/sha256\/./.test(path))
  expect(blobs).toHaveLength(3)
  for (const [path, bytes] of blobs) expect(`blobs/${digestOf(bytes).replace(':', '/')}`).toBe(path)
  const manifest: unknown = JSON.parse(files.get('manifest.json')?.toString() ?? '')
  expect(manifest).toEqual([
    {
      Config: `blobs/sha256/${packed.id.slice(7)}`,
      RepoTags: ['hello:latest'],
      Layers: [`blobs/sha256/${packed.diffId.slice(7)}`],
    },
  ])
  expect(JSON.parse(files.get('index.json')?.toString() ?? '')).toMatchObject({
    manifests: [
      {
        digest: packed.manifestDigest,
        annotations: { 'org.opencontainers.image.ref.name': 'hello:latest' },
      },
    ],
  })
})

test('what is packed is found again, with no problem', async () => {
  const at = await room()
  const packed = await packImage(golden, join(at, 'image.tar'))
  expect(await inspectArchive(join(at, 'image.tar'))).toEqual({
    formats: ['oci', 'docker'],
    verdict: 'right',
    references: ['hello:latest'],
    beside: [],
    problems: [],
    notLookedAt: [],
    notes: [],
    images: [
      {
        id: packed.id,
        os: 'linux',
        arch: 'arm64',
        variant: 'v8',
        created: '1970-01-01T00:00:00Z',
        cmd: ['/hello', 'world'],
        entrypoint: [],
        env: ['PATH=/'],
        user: '1:2',
        workdir: '/etc',
        labels: { a: '1', b: '2' },
        uncompressedBytes: 29,
        tree: [
          { path: 'etc', bytes: 21 },
          { path: 'etc/passwd', bytes: 21 },
          { path: 'hello', bytes: 8 },
        ],
        layers: [
          {
            digest: packed.diffId,
            diffId: packed.diffId,
            bytes: 3584,
            storedBytes: 3584,
            files: 2,
            contentBytes: 29,
            hidBytes: 0,
            wastedBytes: 0,
            biggest: [
              { path: 'etc/passwd', bytes: 21 },
              { path: 'hello', bytes: 8 },
            ],
          },
        ],
      },
    ],
  })
})

test('an existing archive is replaced, and nothing else is left beside it', async () => {
  const at = await room()
  await writeFile(join(at, 'image.tar'), 'old')
  await packImage(golden, join(at, 'image.tar'))
  expect((await inspectArchive(join(at, 'image.tar'))).problems).toEqual([])
  expect(await readdir(at)).toEqual(['image.tar'])
})

test('a failure leaves nothing, and keeps an archive that was there', async () => {
  const at = await room()
  await writeFile(join(at, 'image.tar'), 'old')
  const missing = { path: 'b', source: { path: join(at, 'missing') }, mode: 0o644 }
  const spec = specOf([textFile('a', 'x'), missing])
  await expect(packImage(spec, join(at, 'image.tar'))).rejects.toThrow('ENOENT')
  await mkdir(join(at, 'folder'))
  await expect(packImage(golden, join(at, 'folder'))).rejects.toThrow(/EISDIR|ENOTEMPTY|EPERM/)
  expect((await readdir(at)).toSorted()).toEqual(['folder', 'image.tar'])
  expect(await readFile(join(at, 'image.tar'), 'utf8')).toBe('old')
})

test('an abort before and in the middle leaves nothing', async () => {
  const at = await room()
  const out = await room()
  await writeFile(join(at, 'big'), Buffer.alloc(64 * 1024 * 1024, 'abc'))
  const spec = specOf([{ path: 'big', source: { path: join(at, 'big') }, mode: 0o644 }])
  const early = packImage(spec, join(out, 'image.tar'), AbortSignal.abort(new Error('stopped')))
  await expect(early).rejects.toThrow('stopped')
  const stop = new AbortController()
  const packing = packImage(spec, join(out, 'image.tar'), stop.signal)
  while ((await readdir(out)).length === 0) await new Promise(setImmediate)
  stop.abort(new Error('stopped'))
  await expect(packing).rejects.toThrow('stopped')
  expect(await readdir(out)).toEqual([])
})

const several = (...archs: string[]): ImageSpec[] =>
  archs.map(arch => ({
    ...specOf([textFile('hello', `for ${arch}\n`)]),
    arch,
    ...(arch === 'arm' ? { variant: 'v7' } : {}),
  }))

test('images for several platforms are one index, and manifest.json names one of them', async () => {
  const out = join(await room(), 'several.tar')
  const packed = await packImages(several('amd64', 'arm64', 'arm'), 'arm64', out)
  const files = await filesOf(out)
  const json = (name: string) => JSON.parse(files.get(name)!.toString())
  expect(json('index.json').manifests).toEqual([
    {
      mediaType: 'application/vnd.oci.image.index.v1+json',
      digest: packed.digest,
      size: expect.any(Number),
      annotations: {
        'io.containerd.image.name': 'docker.io/library/hello:latest',
        'org.opencontainers.image.ref.name': 'hello:latest',
      },
    },
  ])
  const index = json(`blobs/${packed.digest.replace(':', '/')}`)
  expect(index.manifests.map(({ platform }: { platform: object }) => platform)).toEqual([
    { architecture: 'amd64', os: 'linux' },
    { architecture: 'arm64', os: 'linux' },
    { architecture: 'arm', os: 'linux', variant: 'v7' },
  ])
  expect(packed.own).toBe(packed.images[1])
  expect(json('manifest.json')[0].Config).toBe(`blobs/${packed.own.id.replace(':', '/')}`)
  const facts = await inspectArchive(out)
  expect(facts.problems).toEqual([])
  expect(facts.images.map(({ arch }) => arch).toSorted()).toEqual(['amd64', 'arm', 'arm64'])
})

test('the index has the same digest whichever is named, and twice the same bytes', async () => {
  const folder = await room()
  const pack = (own: string, name: string) =>
    packImages(several('amd64', 'arm64'), own, join(folder, name))
  const [one, other] = [await pack('amd64', 'a.tar'), await pack('arm64', 'b.tar')]
  expect(other.digest).toBe(one.digest)
  await pack('amd64', 'c.tar')
  expect(await readFile(join(folder, 'c.tar'))).toEqual(await readFile(join(folder, 'a.tar')))
})

test('of several, the image for one architecture is unpacked', async () => {
  const folder = await room()
  await packImages(several('amd64', 'arm64'), 'amd64', join(folder, 'a.tar'))
  await unpackArchive(join(folder, 'a.tar'), join(folder, 'root'), undefined, 'arm64')
  expect(await readFile(join(folder, 'root/hello'), 'utf8')).toBe('for arm64\n')
  await expect(unpackArchive(join(folder, 'a.tar'), join(folder, 'other'))).rejects.toThrow(
    /more than one image/,
  )
})
