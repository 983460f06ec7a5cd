import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { unpackArchive } from '../../src/oci/unpack.ts'
import { packedHello } from '../oci/packed-hello.ts'
import { room } from '../oci/room.ts'
import { expectSame, exportedTree, run, treeOf } from '../oci/tools.ts'

const answers = (client: string): boolean =>
  run(client, 'version', '--format', '{{.Server.Version}}').ok
// Two clients of different age may be installed side by side.
const clients = ['/usr/local/bin/docker', '/usr/bin/docker'].filter(existsSync).filter(answers)
const docker = clients[0] ?? (answers('docker') ? 'docker' : null)
const engineClients = clients.length > 0 ? clients : ['docker']
const noEngine = docker === null ? ' (skipped: no Docker engine answers)' : ''

const hasCc = run('cc', '--version').ok
const noCc = hasCc ? '' : ' (skipped: there is no C compiler)'
const hasSkopeo = run('skopeo', '--version').ok
const noSkopeo = hasSkopeo ? '' : ' (skipped: there is no skopeo)'

const removeAfterwards = (reference: string): void =>
  onTestFinished(() => void run(docker ?? 'docker', 'image', 'rm', '-f', reference))

for (const client of engineClients) {
  const version =
    docker === null ? '' : ` (client ${run(client, '--version').out.split(/[ ,]/)[2]})`
  test.skipIf(docker === null || !hasCc)(
    `the engine loads our archive under its ID and runs it${version}${noEngine}${noCc}`,
    async () => {
      const { spec, packed, file } = await packedHello(await room())
      removeAfterwards(spec.reference)
      const loaded = run(client, 'load', '-i', file)
      expect(loaded.all).toContain(spec.reference)
      const id = run(client, 'image', 'inspect', '--format', '{{.Id}}', spec.reference).out.trim()
      // With containerd's store an image's ID is its manifest's digest.
      expect([packed.id, packed.manifestDigest]).toContain(id)
      expect(run(client, 'run', '--rm', spec.reference)).toMatchObject({
        ok: true,
        out: 'packed by hand\n',
      })
    },
    240_000,
  )
}

test.skipIf(docker === null || !hasCc)(
  `what docker save writes is inspected without a problem and unpacks${noEngine}${noCc}`,
  async () => {
    const at = await room()
    const { spec, packed, file } = await packedHello(at)
    removeAfterwards(spec.reference)
    run(docker ?? '', 'load', '-i', file)
    expect(run(docker ?? '', 'save', '-o', join(at, 'saved.tar'), spec.reference).ok).toBe(true)
    const facts = await inspectArchive(join(at, 'saved.tar'))
    expect(facts.problems).toEqual([])
    expect(facts.references).toEqual([spec.reference])
    expectSame(facts, await inspectArchive(file))
    expect(facts.images[0]?.id).toBe(packed.id)
    await unpackArchive(join(at, 'saved.tar'), join(at, 'root'))
    expect(await readFile(join(at, 'root/etc/motd'), 'utf8')).toBe('hi\n')
  },
  240_000,
)

test.skipIf(docker === null || !hasCc)(
  `an image of several layers and two tags is inspected and unpacks as docker export shows it${noEngine}${noCc}`,
  async () => {
    const at = await room()
    const { spec, file } = await packedHello(at)
    const built = spec.reference.replace(':latest', ':built')
    removeAfterwards(spec.reference)
    removeAfterwards(built)
    const client = docker ?? ''
    run(client, 'load', '-i', file)
    await writeFile(
      join(at, 'Dockerfile'),
      `FROM ${spec.reference}\nCOPY hello.c /src/\nCOPY hello.c /etc/motd\nCOPY hello.c /src/\nENV C=d\nUSER 7\n`,
    )
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    execFileSync(client, ['build', '-t', built, at], { env, stdio: 'pipe' })
    expect(run(client, 'save', '-o', join(at, 'both.tar'), spec.reference, built).ok).toBe(true)
    const both = await inspectArchive(join(at, 'both.tar'))
    expect(both.problems).toEqual([])
    expect(both.references.toSorted()).toEqual([spec.reference, built].toSorted())
    const [fewer, more] = both.images.map(image => image.layers.length).toSorted()
    expect(fewer).toBe(1)
    // BuildKit makes one layer less of the same Dockerfile.
    expect([3, 4]).toContain(more)
    await expect(unpackArchive(join(at, 'both.tar'), join(at, 'none'))).rejects.toThrow(
      'more than one',
    )
    run(client, 'save', '-o', join(at, 'built.tar'), built)
    const ran = await unpackArchive(join(at, 'built.tar'), join(at, 'root'))
    expect(ran).toMatchObject({ cmd: ['/hello'], user: '7', workdir: '/etc' })
    expect(await treeOf(join(at, 'root'))).toEqual(await exportedTree(client, built, at))
  },
  240_000,
)

const present = run(docker ?? 'docker', 'image', 'ls', '--format', '{{.Repository}}:{{.Tag}}').out
const image = present.split('\n').find(name => /^(ubuntu|debian):[^<]/.test(name)) ?? null
const noImage = image === null ? ' (skipped: the engine has no ubuntu or debian image)' : ''

test.skipIf(image === null)(
  `a distribution's image unpacks as docker export shows it${noImage}`,
  async () => {
    const at = await room()
    const client = docker ?? ''
    const name = image ?? ''
    run(client, 'save', '-o', join(at, 'saved.tar'), name)
    expect((await inspectArchive(join(at, 'saved.tar'))).problems).toEqual([])
    await unpackArchive(join(at, 'saved.tar'), join(at, 'root'))
    expect(await treeOf(join(at, 'root'))).toEqual(await exportedTree(client, name, at))
  },
  240_000,
)

test.skipIf(!hasSkopeo || !hasCc)(
  `skopeo reads both formats of our archive${noSkopeo}${noCc}`,
  async () => {
    const { packed, file, spec } = await packedHello(await room())
    for (const format of ['docker-archive', 'oci-archive']) {
      const told = run('skopeo', 'inspect', `${format}:${file}`)
      expect(told.all).toContain(packed.diffId)
      expect(JSON.parse(told.out)).toMatchObject({
        Architecture: spec.arch,
        Layers: [packed.diffId],
      })
    }
    const config = run(
      'skopeo',
      'inspect',
      '--config',
      '--raw',
      `oci-archive:${file}:${spec.reference}`,
    )
    expect(`sha256:${createHash('sha256').update(config.out).digest('hex')}`).toBe(packed.id)
  },
)

test.skipIf(!hasSkopeo || !hasCc)(
  `what skopeo copies our archive to is inspected and unpacks the same${noSkopeo}${noCc}`,
  async () => {
    const at = await room()
    const { file, spec } = await packedHello(at)
    const ours = await inspectArchive(file)
    const copies = [
      [`docker-archive:${file}`, `oci-archive:${join(at, 'oci')}:${spec.reference}`],
      [`oci-archive:${file}`, `docker-archive:${join(at, 'docker')}:${spec.reference}`],
    ] as const
    for (const [from, to] of copies) {
      const copied = run('skopeo', '--insecure-policy', 'copy', '--quiet', from, to)
      expect(copied.all).toBe('')
      const copy = to.split(':')[1] ?? ''
      const facts = await inspectArchive(copy)
      expect(facts.problems).toEqual([])
      expectSame(facts, ours)
      await unpackArchive(copy, `${copy}-root`)
      expect(await readFile(`${copy}-root/etc/motd`, 'utf8')).toBe('hi\n')
    }
    const stored = (await inspectArchive(join(at, 'oci'))).images[0]?.layers[0]
    expect(stored?.digest).not.toBe(stored?.diffId)
    await writeFile(join(at, 'whole.gz'), gzipSync(await readFile(join(at, 'oci'))))
    expect((await inspectArchive(join(at, 'whole.gz'))).problems).toEqual([])
  },
)

const hasZstd = hasSkopeo && run('skopeo', 'copy', '--help').all.includes('--dest-compress-format')
const noZstd = hasZstd ? '' : ' (skipped: no skopeo that compresses by zstd)'
test.skipIf(!hasZstd || !hasCc)(`a zstd layer by skopeo is read${noZstd}${noCc}`, async () => {
  const at = await room()
  const { file } = await packedHello(at)
  const target = `oci-archive:${join(at, 'oci')}:x`
  const how = ['--dest-compress-format', 'zstd', '--dest-compress']
  run('skopeo', '--insecure-policy', 'copy', ...how, `docker-archive:${file}`, target)
  const { problems, images } = await inspectArchive(join(at, 'oci'))
  expect(images).toHaveLength(1)
  expect(problems).toEqual([])
})
