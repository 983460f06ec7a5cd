import { spawnSync } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { run } from '../../src/commands/inspect.ts'
import { isPlainError } from '../../src/errors.ts'
import { tarEntries } from '../../src/tar/read.ts'
import { configFor, digestOf, madeArchive, madeTar, ociArchive } from '../oci/make-tar.ts'
import { room } from '../oci/room.ts'
import {
  installStandIn,
  journeyAnswers,
  says,
  standInsLeft,
  type Answer,
} from '../stand-in/stand-in.ts'

interface Told {
  readonly code: number
  readonly text: string
  readonly todo: string
}

const inspect = async (
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Told> => {
  const written: string[] = []
  const out = { write: (text: string): void => void written.push(text) }
  const io = { out, err: out, env, cwd, terminal: {} as never }
  try {
    return { code: await run(words, io), text: written.join(''), todo: '' }
  } catch (error) {
    if (!isPlainError(error)) throw error
    return { code: error.exitCode, text: error.message, todo: error.todo.join('\n') }
  }
}

const FIXTURES = fileURLToPath(new URL('../fixtures/archives', import.meta.url))

const plain = async (name: string): Promise<Buffer> =>
  gunzipSync(await readFile(join(FIXTURES, `${name}.tar.gz`)))

const inspected = async (bytes: Buffer, ...words: readonly string[]): Promise<Told> => {
  const at = await room()
  await writeFile(join(at, 'image.tar'), bytes)
  return inspect(['image.tar', ...words], at)
}

test.each([
  ['arm-variants', 0, ['linux/arm/v6', 'linux/arm/v7', 'linux/arm64/v8', 'All digests are right.']],
  ['image-and-signature', 0, ['Beside it   An artifact (application/vnd.example.signature)']],
  ['attested-without-note', 0, ['Beside it   An attestation (application/vnd.in-toto+json)']],
  ['artifact-alone', 0, ['Images      none', 'An artifact (application/vnd.example.thing)']],
  ['layers-null', 0, ['Layers      none', 'All digests are right.']],
  ['sparse-pax', 0, ['5.2 MB  /sparse.bin', 'All digests are right.']],
  ['zstd-several-frames', 0, ['1 file, a tar of 10.2 kB', 'All digests are right.']],
  ['manifest-with-bom', 1, ['Problem: manifest.json begins with a byte order mark']],
  ['repotags-text', 1, ['Problem: RepoTags in manifest.json is not a list of texts']],
  ['oci-without-layers', 1, ['1.0 kB  /hello', 'promises 1 layer, but the OCI manifest has 0.']],
  ['escapes', 0, [String.raw`he\u001b[2Jllo:latest`, String.raw`u\u001b[7mser`]],
  ['forged', 1, [String.raw`hello:latest\n  All digests are right.`, 'Problem: Layer l.tar']],
])('the archive %s: exit %d, told for what it is', async (name, code, parts) => {
  const told = await inspected(await plain(name))
  expect(told.code, told.text).toBe(code)
  for (const part of parts) expect(told.text).toContain(part)
  if (code === 1) expect(told.text).not.toMatch(/^ {2}All digests are right\.$/m)
  expect(told.text).not.toMatch(/[^\n\P{C}]/u)
})

test.each(['xz', 'bz2'])('an archive compressed by %s is read', async ending => {
  const told = await inspected(await readFile(join(FIXTURES, `image.tar.${ending}`)))
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('All digests are right.')])
})

test.each([
  ['rootfs', 'a root filesystem', /docker import .*image\.tar my-image/],
  ['legacy', 'before Docker 1.10', /docker save/],
  ['in-a-folder', 'below the folder image', /tar -C image -cf image\.tar \./],
])('the tar %s is said for what it is, with the way on', async (name, what, way) => {
  const told = await inspected(await plain(name))
  expect([told.code, told.text]).toEqual([2, expect.stringContaining(what)])
  expect(told.todo).toMatch(way)
})

test("what PowerShell's > made of a tar is said for what it is", async () => {
  const text = (await plain('layers-null')).toString('latin1')
  const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])
  const told = await inspected(bytes)
  expect([told.code, told.text]).toEqual([2, expect.stringContaining('UTF-16')])
  expect(told.todo).toContain('docker save -o image.tar')
})

const small = madeTar([{ path: 'hello', body: 'hi' }])

test('a folder with an OCI layout is read; links out of it are not followed', async () => {
  const at = await room()
  const archive = ociArchive(Buffer.from(config([digestOf(small)])), [small])
  for await (const entry of tarEntries(once(archive))) {
    const parts: Uint8Array[] = []
    for await (const part of entry.body) parts.push(part)
    await mkdir(dirname(join(at, 'layout', entry.path)), { recursive: true })
    await writeFile(join(at, 'layout', entry.path), Buffer.concat(parts))
  }
  expect((await inspect(['layout'], at)).text).toContain('All digests are right.')
  const layer = join(at, 'layout/blobs', digestOf(small).replace(':', '/'))
  await writeFile(join(at, 'elsewhere'), small)
  spawnSync('rm', [layer])
  await symlink('../../../elsewhere', layer)
  const told = await inspect(['layout'], at)
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('Not looked at: Layer')])
  const none = await inspect(['.'], at)
  expect([none.code, none.text]).toEqual([2, expect.stringContaining('is a folder')])
})

const once = async function* (bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

const config = (diffIds: readonly string[]): string =>
  JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { diff_ids: diffIds } })

/** An OCI layout of one image whose layer is described by hand. */
const layout = (layer: object, files: Parameters<typeof madeTar>[0], diffId: string): Buffer => {
  const blob = (body: Buffer) => ({ path: `blobs/sha256/${digestOf(body).slice(7)}`, body })
  const described = (body: Buffer) => ({ digest: digestOf(body), size: body.length })
  const conf = Buffer.from(config([diffId]))
  const manifest = Buffer.from(JSON.stringify({ config: described(conf), layers: [layer] }))
  return madeTar([
    { path: 'oci-layout', body: '{}' },
    { path: 'index.json', body: JSON.stringify({ manifests: [described(manifest)] }) },
    blob(conf),
    blob(manifest),
    ...files,
  ])
}

test('a layer that is kept elsewhere is not looked at; --strict makes that a failure', async () => {
  const layer = { digest: digestOf(small), size: 9, urls: ['https://example.org/layer'] }
  const archive = layout(layer, [], digestOf(small))
  const told = await inspected(archive)
  expect(told.code).toBe(0)
  expect(told.text).toContain('kept at https://example.org/layer')
  expect(told.text).toContain('Right as far as it was looked at')
  expect((await inspected(archive, '--strict')).code).toBe(1)
  const { text } = await inspected(archive, '--json')
  expect(JSON.parse(text)).toMatchObject({
    verdict: 'right-as-far',
    problems: [],
    notLookedAt: [{ why: expect.stringContaining('kept at') as string }],
  })
})

// A name of more than a header's 100 bytes.
const long = (hex: string) => ({ path: 'x', type: 'L', body: `blobs/sha512/${hex}\0` })

test('digests by SHA-512 are verified, ones by an unknown algorithm are not looked at', async () => {
  const { createHash } = await import('node:crypto')
  const hex = createHash('sha512').update(small).digest('hex')
  const layer = { digest: `sha512:${hex}`, size: small.length }
  const right = layout(layer, [long(hex), { path: 'x', body: small }], `sha512:${hex}`)
  expect(await inspected(right)).toMatchObject({
    code: 0,
    text: expect.stringContaining('All dig'),
  })
  const other = Buffer.from(small)
  other.write('ho', 512)
  const wrong = layout(layer, [long(hex), { path: 'x', body: other }], `sha512:${hex}`)
  expect(await inspected(wrong)).toMatchObject({
    code: 1,
    text: expect.stringContaining('damaged'),
  })
  const odd = { digest: 'blake3:abc', size: small.length }
  const told = await inspected(
    layout(odd, [{ path: 'blobs/blake3/abc', body: small }], digestOf(small)),
  )
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('made by blake3')])
})

test('a tar without its final zeros is right, and that is noted', async () => {
  const told = await inspected(madeArchive([small]).subarray(0, -1024))
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('Note: It lacks the zeros')])
})

test('types that engines refuse in a configuration are problems', async () => {
  const told = await inspected(madeArchive([small], { User: 5, Env: 'A=1', Cmd: 'sh' }))
  expect(told.code).toBe(1)
  expect(told.text).toMatch(/has a User of a wrong type/)
  expect(told.text).toMatch(/has a Env of a wrong type/)
  expect(told.text).toContain('Starts      ["sh"]')
})

test('what is neither a program nor an archive is not judged', async () => {
  const at = await room()
  for (const [name, bytes] of [
    ['empty', ''],
    ['picture', '\x89PNG\r\n'],
    ['text', 'hello world\n'.repeat(100)],
  ] as const) {
    await writeFile(join(at, name), bytes, 'latin1')
    expect((await inspect([name], at)).code, name).toBe(2)
  }
  await writeFile(join(at, 'cut.tar.gz'), Buffer.from('1f8b0800', 'hex'))
  expect(await inspect(['cut.tar.gz'], at)).toMatchObject({ code: 2 })
})

test('JSON holds what the archive says, escaped', async () => {
  const { text } = await inspected(await plain('escapes'), '--json')
  expect(text.trimEnd()).not.toMatch(/[^\P{C}]/u)
  expect(JSON.parse(text)).toMatchObject({ references: ['he\u001b[2Jllo:latest'] })
})

const file = (path: string, length: number) => ({ path, body: Buffer.alloc(length) })

/** Two layers: the second deletes a folder and a file, replaces one, and adds one. */
const layered = (): Buffer => {
  const below = madeTar([
    file('usr/lib/big.so', 9000),
    file('usr/bin/tool', 3000),
    file('var/cache/a/b', 4000),
    file('etc/conf', 1000),
    file('opt/old/x', 500),
  ])
  const above = madeTar([
    file('var/.wh.cache', 0),
    file('opt/.wh..wh..opq', 0),
    file('etc/conf', 2000),
    file('opt/new', 700),
  ])
  return ociArchive(configFor([below, above]), [below, above])
}

test('what is inside is a tree with bars; what a layer hides and wastes is told', async () => {
  const { code, text } = await inspected(layered())
  expect([code, text]).toEqual([0, expect.stringContaining('Inside      the largest')])
  expect(text).toMatch(/Layer 1 .* 5 files, .*; 5\.5 kB wasted: later layers hide it\n/)
  expect(text).toMatch(/Layer 2 .*; hides 5\.5 kB of lower layers\n/)
  expect(text).toMatch(/\n {4}\/usr +12\.0 kB {2}#{20}\n {6}\/lib +9\.0 kB {2}#{15}\n {8}\/big\.so/)
  expect(text).toMatch(/\n {4}\/opt +700 bytes {2}#\n {6}\/new/)
  expect(text).not.toMatch(/ {4}\/(?:var|old)/)
})

test('--json has the same as numbers', async () => {
  const { text } = await inspected(layered(), '--json')
  const [image] = (JSON.parse(text) as { images: unknown[] }).images
  expect(image).toMatchObject({
    uncompressedBytes: 20_200,
    layers: [
      { hidBytes: 0, wastedBytes: 5500 },
      { hidBytes: 5500, wastedBytes: 0 },
    ],
    tree: expect.arrayContaining([
      { path: 'usr', bytes: 12_000 },
      { path: 'etc/conf', bytes: 2000 },
    ]) as unknown,
  })
})

const posix = test.skipIf(process.platform === 'win32')

/** An engine that has one image, and says this when it is saved. */
const engineThat = async (saved: Omit<Answer, 'to'>) => {
  const at = await room()
  const answers = [
    { ...saved, to: 'save app' },
    says('image inspect --format {{.Id}} app', 'sha256:1\n'),
    says('image inspect', '', 1),
    ...journeyAnswers(says('build', ''), null),
  ]
  return { at, env: { ...installStandIn(at, answers), HOME: at } }
}

posix('an image of the engine is read as it streams by, and nothing is left', async () => {
  const chunks = [['stdout', layered().toString('base64'), 'base64']] as const
  const { at, env } = await engineThat({ exitCode: 0, chunks })
  const told = await inspect(['app'], at, env)
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('All digests are right.')])
  expect(told.text).toContain('\n  From        the engine, as docker save writes it\n')
  expect(told.text).not.toContain('Format')
  expect(standInsLeft(at)).toEqual([])
  const other = await inspect(['other'], at, env)
  expect([other.code, other.text]).toEqual([2, 'There is no file other.'])
  expect(other.todo).toContain('Nor has docker an image of that name')
})

posix('a folder that is no image gives way to an image of its name', async () => {
  const chunks = [['stdout', layered().toString('base64'), 'base64']] as const
  const { at, env } = await engineThat({ exitCode: 0, chunks })
  await mkdir(join(at, 'app'))
  await mkdir(join(at, 'other'))
  const told = await inspect(['app'], at, env)
  expect([told.code, told.text]).toEqual([0, expect.stringContaining('All digests are right.')])
  const other = await inspect(['other'], at, env)
  expect([other.code, other.text]).toEqual([2, expect.stringMatching(/other is a folder\.$/)])
})

posix('an engine that fails while it saves is a failure, with what it said', async () => {
  const whole = layered()
  const chunks = [
    ['stdout', whole.toString('base64'), 'base64'],
    ['stderr', 'the disk is on fire'],
  ] as const
  const late = await engineThat({ exitCode: 1, chunks })
  const told = await inspect(['app'], late.at, late.env)
  expect([told.code, told.text]).toEqual([1, expect.stringContaining('the disk is on fire')])
  const early = await engineThat({ exitCode: 1, chunks: [['stderr', 'no such thing']] })
  const nothing = await inspect(['app'], early.at, early.env)
  expect([nothing.code, nothing.text]).toEqual([2, expect.stringContaining('no such thing')])
})
