import { createHash, createPublicKey } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { inspectArchive } from '../../../src/oci/inspect.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import type { CraftResult } from '../../../src/run/crafts/craft.ts'
import type { Project } from '../../../src/run/project/project.ts'
import { BASE, us } from '../../bootstrap/apk/base.ts'
import { madeMirror, MIRROR } from '../../bootstrap/apk/mirror.ts'
import type { Mirror } from '../../bootstrap/apk/mirror.ts'
import { madeIndex } from '../../bootstrap/apk/repository.ts'

let folder: string
let project: Project
let server: Server
let address: string
let mirror: Mirror
let said: string[]
/** How many requests the mirror refuses for now. */
let busy: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pack-apk-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} } as const
  project = { directory: folder, kind: 'resumed', state, made: false, wasEmpty: false }
  mirror = madeMirror(BASE, us)
  said = []
  busy = 0
  server = createServer((request, response) => {
    busy -= 1
    if (busy >= 0) return void response.writeHead(503, { 'retry-after': '0' }).end()
    const bytes = mirror.get(`${MIRROR}${request.url ?? ''}`)
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(join(folder, 'keyring.gpg'), us.key.pem)
})

afterEach(async () => {
  vi.unstubAllEnvs()
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const pack = (
  change: Record<string, unknown> = {},
  assets = assetsFolder(),
): Promise<CraftResult> =>
  crafts['pack-apk'](
    {
      mirror: address,
      branch: 'v3.20',
      version: '3.20',
      repositories: ['main', 'community'],
      architecture: 'x86_64',
      packages: ['alpine-baselayout', 'alpine-release'],
      isPartial: true,
      writtenMirror: address,
      keys: null,
      keyring: join(folder, 'keyring.gpg'),
      believesMirror: true,
      arch: 'amd64',
      reference: 'my-alpine',
      archive: join(folder, 'my-alpine.tar'),
      entrypoint: null,
      expose: [],
      user: null,
      cmd: ['/bin/sh'],
      env: ['PATH=/bin'],
      labels: { 'org.opencontainers.image.title': 'my-alpine' },
      ...change,
    },
    {
      project,
      runId: 'test',
      signal: new AbortController().signal,
      assets,
      tell: line => said.push(line),
    },
  )

test('signed packages become an archive that engines load, twice the same', async () => {
  const result = await pack()
  const archive = join(folder, 'my-alpine.tar')
  const { images, problems } = await inspectArchive(archive)
  expect(problems).toEqual([])
  expect(images[0]).toMatchObject({ os: 'linux', arch: 'amd64', cmd: ['/bin/sh'] })
  expect(result.values?.['image.id']).toBe(images[0]?.id)
  expect(result.lines?.[0]).toContain('busybox-1.0-r0')
  expect(result.lines?.[1]).toBe('Scripts that did not run: busybox, alpine-baselayout')
  expect(said.some(line => /^P: \d+ \d+ bytes fetched /.test(line))).toBe(true)
  const first = readFileSync(archive)
  await pack()
  expect(readFileSync(archive).equals(first)).toBe(true)
})

test('what is wrong with a mirror is told, and nothing is left behind', async () => {
  await expect(pack({ branch: 'v3.99' })).rejects.toMatchObject({ code: 'release-missing' })
  await expect(pack({ packages: ['nosuch'] })).rejects.toMatchObject({ code: 'include-unknown' })
  mirror.delete(`${MIRROR}/v3.20/main/x86_64/busybox-1.0-r0.apk`)
  await expect(pack()).rejects.toMatchObject({ code: 'not-found' })
  // By TLS, which it does not speak: a failure to connect that is not tried again.
  await expect(pack({ mirror: address.replace('http:', 'https:') })).rejects.toMatchObject({
    code: 'unreachable',
  })
  expect(existsSync(join(folder, 'my-alpine.tar'))).toBe(false)
  expect(readdirSync(folder).filter(name => name.includes('my-alpine'))).toEqual([])
})

const INDEX = `${MIRROR}/v3.20/main/x86_64/APKINDEX.tar.gz`
const BUSYBOX = `${MIRROR}/v3.20/main/x86_64/busybox-1.0-r0.apk`

// What apk itself is recorded to say of these is in test/fixtures/family-errors.txt.
test.each<readonly [string, string, string, (bytes: Buffer) => Buffer, RegExp, RegExp]>([
  [
    'an index without a signature',
    INDEX,
    'index-unsigned',
    () => madeIndex([], null),
    /^The index of v3\.20\/main for x86_64 is not signed\.$/,
    /has no switch that leaves the check out/,
  ],
  [
    'an index that was changed',
    INDEX,
    'signature-wrong',
    bytes => damaged(bytes),
    /was changed after it was signed/,
    /another --mirror/,
  ],
  [
    'an index of apk 3',
    INDEX,
    'apk-version-3',
    () => Buffer.from('ADBd....'),
    /in format 3 of apk, which this tool does not read by itself/,
    /--engine docker/,
  ],
  [
    'a portal’s page',
    INDEX,
    'page-instead',
    () => Buffer.from('<!DOCTYPE html><title>Welcome</title>'),
    /^127\.0\.0\.1 answered a web page, “Welcome”, in place of the index/,
    /login/,
  ],
  [
    'a package that was changed',
    BUSYBOX,
    'hash-wrong',
    bytes => damaged(bytes),
    /^The package busybox-1\.0-r0 is not the one that the index promises/,
    /another --mirror/,
  ],
])('%s is told, with what to do', async (_, file, code, spoil, message, todo) => {
  mirror.set(file, spoil(mirror.get(file)!))
  await expect(pack()).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message) as string,
    todo: expect.arrayContaining([expect.stringMatching(todo)]) as string[],
  })
  expect(existsSync(join(folder, 'my-alpine.tar'))).toBe(false)
})

/** The same but for a few bytes near its end. */
const damaged = (bytes: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, -20), Buffer.alloc(4), bytes.subarray(-16)])

test('the distribution’s own keys are taken when no keyring is given, and do not fit a stranger’s mirror', async () => {
  await expect(pack({ keyring: null, keys: 'distros/alpine/keys' })).rejects.toMatchObject({
    code: 'key-unknown',
    todo: [expect.stringContaining('--keyring')],
  })
})

test('offline nothing is asked, and what is lacking is told', async () => {
  await expect(pack({ offline: true })).rejects.toMatchObject({ code: 'offline-lacks' })
})

test('a mirror that is asked a second time is told, with why', async () => {
  busy = 1
  await pack()
  expect(said.filter(line => line.includes('503'))).toEqual([
    expect.stringMatching(/503.* Try 2 of \d\.$/) as string,
  ])
})

test('a key is taken by the list that says what it is', async () => {
  const keys = join(folder, 'assets/keys')
  mkdirSync(keys, { recursive: true })
  const sha256 = createHash('sha256')
    .update(createPublicKey(Buffer.from(us.key.pem)).export({ type: 'spki', format: 'der' }))
    .digest('hex')
  writeFileSync(join(keys, us.name), us.key.pem)
  const list = (entry: object): void =>
    writeFileSync(join(keys, 'keys.json'), JSON.stringify({ keys: [entry] }))
  const byList = () => pack({ keyring: null, keys: 'keys' }, join(folder, 'assets'))
  list({ file: us.name, sha256 })
  expect((await byList()).lines).toHaveLength(4)
  list({ file: us.name, sha256: 'a'.repeat(64) })
  await expect(byList()).rejects.toThrow()
})

test('an image that an engine loads has the run’s name, and is no file of the project', async () => {
  const result = await pack({ reference: null })
  const { references } = await inspectArchive(join(folder, 'my-alpine.tar'))
  expect(references).toEqual(['create-base-image/unproven:test'])
  expect(project.state.archives).toBeUndefined()
  expect(Number(result.values!['image.compressed'])).toBeGreaterThan(0)
})
