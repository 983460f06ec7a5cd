import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { rawProgram } from '../../../src/elf/raw.ts'
import { inspectArchive } from '../../../src/oci/inspect.ts'
import { LOADED } from '../../../src/plan/names.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import { fileDigest } from '../../../src/run/project/files.ts'
import { madeTar } from '../../oci/make-tar.ts'
import { room } from '../../oci/room.ts'
import { craftContext } from './craft-context.ts'

const NOTHING = { entrypoint: null, cmd: null, env: [], expose: [], user: null, labels: {} }
const NOTES = {
  entrypoint: ['/hello'],
  cmd: ['x'],
  env: ['A=1'],
  expose: ['80/tcp'],
  user: '65532',
  labels: { a: 'b' },
}

const packed = async (input: Record<string, unknown>) => {
  const folder = await room()
  const context = craftContext(folder)
  for (const path of ['hello', 'linux/amd64/hello', 'linux/arm64/hello', 'linux/arm/hello']) {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), path)
  }
  mkdirSync(join(folder, 'files/etc'), { recursive: true })
  writeFileSync(join(folder, 'files/etc/motd'), 'hi')
  const common = { file: 'hello', arch: 'amd64', tree: 'files', reference: 'hello', ...NOTHING }
  const result = await crafts['pack-image'](
    { ...common, archive: join(folder, 'out/hello.tar'), ...input },
    context,
  )
  return { folder, result, state: context.project.state, archive: join(folder, 'out/hello.tar') }
}

test('a program is packed with what goes in beside it, and the archive is remembered', async () => {
  const { folder, result, state, archive } = await packed({})
  const { images, references, problems } = await inspectArchive(archive)
  expect(problems).toEqual([])
  expect(references).toEqual(['hello:latest'])
  const [image] = images
  expect(image).toMatchObject({ arch: 'amd64', cmd: [], entrypoint: [], env: [], user: '' })
  expect(image!.layers[0]!.biggest.map(({ path }) => path)).toEqual(['hello', 'etc/motd'])
  expect(result).toEqual({
    lines: [`layer ${image!.layers[0]!.diffId}`, `image ${image!.id}`],
    result: archive,
    values: {
      'image.id': image!.id,
      'files.bytes': String('hello'.length + 'hi'.length),
      'image.compressed': expect.stringMatching(/^\d\d+$/) as string,
      'archive.bytes': String(statSync(archive).size),
    },
  })
  expect(state.archives).toEqual({ 'out/hello.tar': await fileDigest(archive) })
  expect(JSON.parse(readFileSync(join(folder, '.create-base-image/state.json'), 'utf8'))).toEqual(
    state,
  )
})

test('what a plan says of how it is started is what the image says', async () => {
  const { archive } = await packed({ ...NOTES, tree: null, reference: 'reg.example:5000/hello:1' })
  const { images, references } = await inspectArchive(archive)
  expect(references).toEqual(['reg.example:5000/hello:1'])
  const { entrypoint, cmd, env, user, labels } = NOTES
  expect(images[0]).toMatchObject({ entrypoint, cmd, env, user, labels })
  expect(images[0]!.layers[0]!.files).toBe(1)
})

test('an archive that is only loaded is not remembered', async () => {
  const { result, state, folder } = await packed({ archive: LOADED })
  expect(result.result).toBe(LOADED)
  expect(existsSync(join(folder, LOADED))).toBe(true)
  expect(state).not.toHaveProperty('archives')
})

test('several architectures become one index, each with its own program; 32-bit ARM has its version', async () => {
  const archs = ['amd64', 'arm64', 'arm']
  const { result, archive } = await packed({ archs, arch: 'arm64' })
  const { images, problems } = await inspectArchive(archive)
  expect(problems).toEqual([])
  expect(images.map(({ arch, variant }) => [arch, variant])).toEqual([
    ['amd64', undefined],
    ['arm64', undefined],
    ['arm', 'v7'],
  ])
  expect(images.map(({ uncompressedBytes }) => uncompressedBytes)).toEqual(
    archs.map(arch => `linux/${arch}/hello`.length + 'hi'.length),
  )
  const index = result.values!['image.index']!
  expect(index).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(result.lines).toEqual([
    ...images.map(({ id, arch }) => `image ${id} for linux/${arch}`),
    `index ${index}`,
  ])
  expect(result.result).toBe(archive)
  expect(result.values!['image.id']).toBe(images[1]!.id)
  expect(result.values!['archive.bytes']).toBe(String(statSync(archive).size))
})

test('an index that is only loaded is told by its digest', async () => {
  const { result } = await packed({ archs: ['amd64', 'arm64'], archive: LOADED })
  expect(result.result).toBe(`index ${result.values!['image.index']!.slice(0, 19)}`)
})

test('a place that takes no file is told as that', async () => {
  await expect(packed({ archive: '/proc/none/hello.tar' })).rejects.toMatchObject({
    name: 'CraftError',
    code: 'unwritable',
    message: expect.stringContaining('/proc/none/hello.tar') as string,
  })
})

const TREE = madeTar([
  { path: 'etc/', type: '5', mode: 0o755 },
  { path: 'etc/motd', body: 'hi' },
])

const packedRoot = async (input: Record<string, unknown>, stdin?: Readable) => {
  const folder = await room()
  const context = craftContext(folder, stdin === undefined ? {} : { stdin })
  const archive = join(folder, 'out/root.tar')
  const common = { archive, arch: 'arm64', reference: 'root:1', ...NOTES }
  const result = await crafts['pack-layer']({ ...common, ...input }, context)
  return { result, archive, state: context.project.state }
}

test('a root filesystem that comes as a tar becomes an image, and its archive is remembered', async () => {
  const { result, archive, state } = await packedRoot({}, Readable.from([TREE]))
  const { images, references } = await inspectArchive(archive)
  expect(references).toEqual(['root:1'])
  expect(images[0]).toMatchObject({ id: result.values!['image.id'], arch: 'arm64', cmd: ['x'] })
  expect(images[0]!.uncompressedBytes).toBe(2)
  expect(state.archives).toEqual({ 'out/root.tar': await fileDigest(archive) })
})

test('without one, or where no file may be, there is no image', async () => {
  await expect(packedRoot({})).rejects.toMatchObject({ code: 'no-input' })
  await expect(
    packedRoot({ archive: '/proc/none/x.tar' }, Readable.from([TREE])),
  ).rejects.toMatchObject({ code: 'unwritable' })
})

test('the image of an archive is unpacked into a folder that is open to all, emptied before', async () => {
  const { folder, archive } = await packed(NOTES)
  const directory = join(folder, 'proof')
  mkdirSync(directory, { mode: 0o700 })
  writeFileSync(join(directory, 'old'), '')
  const before = process.umask(0o077)
  try {
    const unpack = (arch?: string) =>
      crafts['unpack-image'](
        { archive, directory: 'proof', ...(arch !== undefined && { arch }) },
        craftContext(folder),
      )
    expect(await unpack()).toEqual({
      lines: ['CMD ["/hello","x"]'],
      result: 'digests as in the archive',
    })
    await expect(unpack('s390x')).rejects.toThrow('holds no image')
  } finally {
    process.umask(before)
  }
  expect(existsSync(join(directory, 'old'))).toBe(false)
  expect(statSync(directory).mode & 0o777).toBe(0o755)
})

test('of several architectures the one that is asked for is unpacked', async () => {
  const { folder, archive } = await packed({ archs: ['amd64', 'arm64'] })
  await crafts['unpack-image']({ archive, directory: 'p', arch: 'arm64' }, craftContext(folder))
  expect(readFileSync(join(folder, 'p/hello'), 'utf8')).toBe('linux/arm64/hello')
})

test('a program of two system calls says what it is told to, or its greeting', async () => {
  const folder = await room()
  const write = (input: { message?: string }) =>
    crafts['write-raw'](
      { file: 'raw', arch: 'amd64', message: null, ...input },
      craftContext(folder),
    )
  const { lines } = await write({ message: 'hi' })
  const program = readFileSync(join(folder, 'raw'))
  expect(program.equals(Buffer.from(rawProgram('hi\n', 'amd64')))).toBe(true)
  expect(lines).toEqual([`raw: ${program.length} bytes`])
  expect(statSync(join(folder, 'raw')).mode & 0o777).toBe(0o755)
  await write({})
  expect(readFileSync(join(folder, 'raw'), 'latin1')).toContain('Hello from your own base image!\n')
})

test('what is inspected is told, and what is no program is refused', async () => {
  const folder = await room()
  writeFileSync(join(folder, 'raw'), rawProgram('hi\n', 'amd64'))
  const inspect = (more: object = {}) =>
    crafts['inspect-program'](
      { file: 'raw', arch: 'amd64', builder: 'debian:12' },
      craftContext(folder, more),
    )
  const { size } = statSync(join(folder, 'raw'))
  expect(await inspect()).toEqual({
    lines: ['raw: ELF, amd64, static, no interpreter, needs no library'],
    result: 'ELF, amd64, static, needs nothing',
    values: { 'program.bytes': String(size) },
  })
  expect((await inspect({ warned: ['getaddrinfo'] })).result).toContain('needs nothing to start')
  expect(existsSync(join(folder, '.create-base-image/made/sbom.spdx.json'))).toBe(true)
  writeFileSync(join(folder, 'raw'), '#!/bin/sh\n')
  await expect(inspect()).rejects.toMatchObject({ name: 'CraftError' })
})

test('/tmp is open to all, whatever the umask is', async () => {
  const folder = await room()
  const before = process.umask(0o077)
  try {
    const made = await crafts['make-tmp'](
      { folder: 'files/tmp', keptBy: '.keep' },
      craftContext(folder),
    )
    expect(made).toEqual({ lines: [], result: '/tmp, open to all' })
  } finally {
    process.umask(before)
  }
  expect(statSync(join(folder, 'files/tmp')).mode & 0o7777).toBe(0o1777)
  expect(existsSync(join(folder, 'files/tmp/.keep'))).toBe(true)
})

test('an archive whose packing failed is known as one that was begun', async () => {
  const broken = Readable.from(
    (async function* () {
      yield TREE.subarray(0, 600)
      await Promise.reject(new Error('cut off'))
    })(),
  )
  const folder = await room()
  const context = craftContext(folder, { stdin: broken })
  const archive = join(folder, 'root.tar')
  await expect(
    crafts['pack-layer']({ archive, arch: 'amd64', reference: 'root', ...NOTHING }, context),
  ).rejects.toThrow('cut off')
  expect(context.project.state.archives).toEqual({ 'root.tar': 'begun' })
  expect(existsSync(archive)).toBe(false)
})
