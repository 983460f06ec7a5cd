import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { NotAnArchive } from '../../src/oci/errors.ts'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { packImage } from '../../src/oci/pack.ts'
import type { ArchiveFacts } from '../../src/oci/types.ts'
import { configFor, digestOf, madeArchive, madeTar, ociArchive } from './make-tar.ts'
import { room, specOf, textFile } from './room.ts'

const inspected = async (bytes: Buffer): Promise<ArchiveFacts> => {
  const path = join(await room(), 'archive')
  await writeFile(path, bytes)
  return inspectArchive(path)
}

const packed = async (): Promise<Buffer> => {
  const path = join(await room(), 'image.tar')
  await packImage(specOf([textFile('hello', 'content '.repeat(300)), textFile('a/b', 'x')]), path)
  return readFile(path)
}

const small = madeTar([{ path: 'hello', body: 'hi' }])

test('a gzipped layer counts as its tar, and its digest as what is stored', async () => {
  const stored = zlib.gzipSync(small)
  const facts = await inspected(ociArchive(configFor([small]), [stored]))
  expect(facts.problems).toEqual([])
  expect(facts.images[0]?.layers).toEqual([
    {
      digest: digestOf(stored),
      diffId: digestOf(small),
      bytes: small.length,
      storedBytes: stored.length,
      files: 1,
      contentBytes: 2,
      hidBytes: 0,
      wastedBytes: 0,
      biggest: [{ path: 'hello', bytes: 2 }],
    },
  ])
})

test('an archive gzipped as a whole tells the same as the plain one', async () => {
  const plain = await packed()
  expect(await inspected(zlib.gzipSync(plain))).toEqual(await inspected(plain))
})

test('an archive cut anywhere has a problem or is no archive', async () => {
  const whole = await packed()
  for (let length = 0; length < whole.length; length += 173) {
    const told = await inspected(whole.subarray(0, length)).catch((error: unknown) => error)
    if (told instanceof NotAnArchive || isOnlyEndless(told)) continue
    expect(told, `cut at ${length}`).toHaveProperty('problems.0')
  }
}, 60_000)

// What is cut within the zeros that end a tar has lost nothing.
const isOnlyEndless = (told: unknown): boolean =>
  isFacts(told) && told.verdict === 'right' && told.notes.join().includes('lacks the zeros')

const isFacts = (told: unknown): told is ArchiveFacts =>
  typeof told === 'object' && told !== null && 'verdict' in told

test('a gzipped archive cut anywhere has a problem or is no archive', async () => {
  const whole = zlib.gzipSync(await packed())
  for (let length = 0; length < whole.length; length += 13) {
    const told = await inspected(whole.subarray(0, length)).catch((error: unknown) => error)
    if (told instanceof NotAnArchive || isOnlyEndless(told)) continue
    expect(told, `cut at ${length}`).toHaveProperty('problems.0')
  }
}, 60_000)

test('a flipped byte anywhere in a layer is reported', async () => {
  const whole = await packed()
  const layer = whole.indexOf('content content')
  for (const at of [layer - 500, layer - 300, layer, layer + 1000, layer + 2399, layer + 2450]) {
    const flipped = Buffer.from(whole)
    flipped.writeUInt8((flipped[at] ?? 0) ^ 0x20, at)
    const { problems } = await inspected(flipped)
    expect(problems.join('\n'), `at ${at - layer}`).toMatch(/is damaged: its bytes have the digest/)
    expect(problems.join('\n')).toMatch(/its diffID is sha256:/)
  }
})

test('a flipped byte in the config or the manifest is reported', async () => {
  const whole = await packed()
  for (const text of ['"architecture"', '"layers":[{']) {
    const flipped = Buffer.from(whole)
    flipped.write('"x', flipped.indexOf(text))
    expect((await inspected(flipped)).problems.join('\n')).toMatch(/is damaged/)
  }
})

test('a missing layer, config or manifest is reported', async () => {
  const config = configFor([small])
  const missing = async (lost: Buffer): Promise<readonly string[]> =>
    (await inspected(ociArchive(config, [small], { lost }))).problems
  const name = (bytes: Buffer): string => `blobs/${digestOf(bytes).replace(':', '/')}`
  expect(await missing(small)).toContain(`Layer ${name(small)} is missing.`)
  expect(await missing(config)).toContain(`${name(config)} is missing.`)
  const archive = madeTar([{ path: 'manifest.json', body: '[{"Config":"gone.json","Layers":[]}]' }])
  expect((await inspected(archive)).problems).toEqual(['gone.json is missing.'])
})

test('a blob of another size than its manifest says is reported', async () => {
  const facts = await inspected(ociArchive(configFor([small]), [small], { size: 7 }))
  expect(facts.problems.join('\n')).toMatch(/has the size \d+, but 7 is promised/)
})

test('layers shared through symbolic and hard links are found', async () => {
  const config = configFor([small, small, small])
  const facts = await inspected(
    madeTar([
      { path: 'one/layer.tar', body: small },
      { path: 'two/layer.tar', type: '2', link: '../one/layer.tar' },
      { path: 'three/layer.tar', type: '1', link: 'two/layer.tar' },
      { path: 'config.json', body: config },
      {
        path: 'manifest.json',
        body: JSON.stringify([
          { Config: 'config.json', Layers: ['one/layer.tar', 'two/layer.tar', 'three/layer.tar'] },
        ]),
      },
    ]),
  )
  expect(facts.problems).toEqual([])
  expect(facts.images[0]?.uncompressedBytes).toBe(6)
})

test('links in a circle are a missing layer, not a hang', async () => {
  const facts = await inspected(
    madeTar([
      { path: 'a', type: '2', link: 'b' },
      { path: 'b', type: '2', link: 'a' },
      { path: 'c.json', body: configFor([small]) },
      { path: 'manifest.json', body: '[{"Config":"c.json","Layers":["a"]}]' },
    ]),
  )
  expect(facts.problems).toEqual(['Layer a is missing.'])
})

test('a nested index may list other platforms that were not saved, and attestations', async () => {
  const inner = ociArchive(configFor([small]), [small])
  const text = inner.toString('latin1')
  const manifests = /\{"manifests":(\[.*?\])\}/.exec(text)?.[1] ?? ''
  const absent = `{"digest":"sha256:${'e'.repeat(64)}","size":1}`
  const attestation = `{"digest":"sha256:${'d'.repeat(64)}","size":1,"annotations":{"vnd.docker.reference.type":"attestation-manifest"}}`
  const index = Buffer.from(`{"manifests":[${manifests.slice(1, -1)},${absent},${attestation}]}`)
  const outer = JSON.stringify({ manifests: [{ digest: digestOf(index), size: index.length }] })
  const facts = await inspected(
    Buffer.concat([
      inner.subarray(0, -1024),
      madeTar([
        { path: `blobs/${digestOf(index).replace(':', '/')}`, body: index },
        { path: 'index.json', body: outer },
      ]),
    ]),
  )
  expect(facts.problems).toEqual([])
  expect(facts.images).toHaveLength(1)
})

test('the ten biggest files come biggest first, whiteouts and links left out', async () => {
  const files = Array.from({ length: 15 }, (_, at) => ({ path: `f${at}`, body: 'x'.repeat(at) }))
  const layer = madeTar([
    ...files,
    { path: '.wh.gone', body: '' },
    { path: 'l', type: '2', link: 'f1' },
  ])
  const [found] = (await inspected(madeArchive([layer]))).images[0]?.layers ?? []
  expect(found?.files).toBe(15)
  expect(found?.biggest.map(file => file.bytes)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
})

test('odd values in a config are left out instead of being passed on', async () => {
  const run = { Cmd: null, Env: ['A=1', 2], User: 5, Labels: { __proto__x: 1, ok: 'yes' } }
  const [image] = (await inspected(madeArchive([small], run))).images
  expect(image).toMatchObject({ cmd: [], env: ['A=1'], user: '', workdir: '' })
  expect(image?.labels).toEqual({ __proto__x: '', ok: 'yes' })
})

test('a layer with another diffID than the config promises is reported', async () => {
  const archive = madeArchive([small]).toString('latin1')
  const other = Buffer.from(
    archive.replace(/"diff_ids":\["sha256:..../, '"diff_ids":["sha256:0000'),
    'latin1',
  )
  const { problems } = await inspected(other)
  expect(problems.join('\n')).toMatch(/its diffID is sha256:[0-9a-f]{64}, not sha256:0000/)
})

test('a layer that is no tar, or gzip of one, is reported', async () => {
  expect((await inspected(madeArchive([Buffer.from('text')]))).problems).toEqual([
    'Layer l0/layer.tar is not a tar.',
  ])
  const twice = zlib.gzipSync(zlib.gzipSync(randomBytes(2000)))
  expect((await inspected(madeArchive([twice]))).problems).toEqual([
    'Layer l0/layer.tar cannot be read: it has a damaged tar header.',
  ])
})

test('a bomb of gzip in gzip is read without filling memory', async () => {
  const zeros = Buffer.alloc(256 * 1024 * 1024)
  const header = madeTar([{ path: 'zeros', body: '' }], false)
  const layer = zlib.gzipSync(Buffer.concat([header, zeros]), { level: 1 })
  const archive = zlib.gzipSync(madeArchive([layer]))
  const before = process.memoryUsage().rss
  const facts = await inspected(archive)
  expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024)
  expect(facts.images[0]?.layers[0]?.bytes).toBe(zeros.length + header.length)
})

test('an aborted inspection ends with the reason', async () => {
  const path = join(await room(), 'image.tar')
  await writeFile(path, madeArchive([small]))
  const aborted = inspectArchive(path, AbortSignal.abort(new Error('stopped')))
  await expect(aborted).rejects.toThrow('stopped')
})

test('a sparse file of the archive that expands to more than is believable is told, not read', async () => {
  const size = 2 ** 50
  const records = [`GNU.sparse.size=${size}`, 'GNU.sparse.map=0,3'].map(text => {
    const length = text.length + 2
    return `${length + String(length + 2).length} ${text}\n`
  })
  const facts = await inspected(
    Buffer.concat([
      madeArchive([small]).subarray(0, -1024),
      madeTar([
        { path: 'x', type: 'x', body: records.join('') },
        { path: 'huge', body: 'abc' },
      ]),
    ]),
  )
  expect(facts).toMatchObject({
    verdict: 'right-as-far',
    problems: [],
    notLookedAt: [
      { what: 'The rest of the archive', why: 'it expands to more than is believable' },
    ],
  })
})
