import { join } from 'node:path'
import { readdirSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { assetsFolder } from '../../../src/assets.ts'
import { inspectArchive } from '../../../src/oci/inspect.ts'
import type { RootInputs } from '../../../src/plan/craft-inputs.ts'
import { crafts } from '../../../src/run/crafts/index.ts'
import type { CraftResult } from '../../../src/run/crafts/craft.ts'
import { us } from '../../bootstrap/apk/base.ts'
import { madeMirror, MIRROR } from '../../bootstrap/apk/mirror.ts'
import { APPLETS, fakeBusybox } from '../../bootstrap/busybox/program.ts'
import { smallMirror } from '../../bootstrap/deb/small-mirror.ts'
import { newFolder, serve } from '../../bootstrap/fetch/server.ts'
import { craftContext } from './craft-context.ts'

afterEach(() => vi.unstubAllEnvs())

const program = (version: string): string =>
  Buffer.concat([Buffer.from(`BusyBox v${version} (2024)\0`), fakeBusybox(APPLETS)]).toString(
    'latin1',
  )

const pack = async (
  folder: string,
  input: RootInputs['pack-busybox'],
): Promise<CraftResult & { readonly said: readonly string[] }> => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  const said: string[] = []
  const result = await crafts['pack-busybox'](
    {
      arch: 'amd64',
      reference: 'my-busybox',
      archive: 'my-busybox.tar',
      entrypoint: null,
      expose: [],
      user: null,
      cmd: ['/bin/sh'],
      env: ['PATH=/bin'],
      labels: {},
      ...input,
    },
    craftContext(folder, { assets: assetsFolder(), tell: line => said.push(line) }),
  )
  return { ...result, said }
}

const debian = async (version: string) => {
  const mirror = await smallMirror({
    bookworm: [
      {
        words: 'busybox-static 1:1.35.0-4',
        data: [{ path: './bin/busybox', body: program(version), mode: 0o755 }],
      },
    ],
  })
  const { folder, url, keyring } = mirror
  const input = {
    libc: 'glibc' as const,
    mirror: url,
    suite: 'bookworm',
    architecture: 'amd64',
    keyring,
  }
  return { folder, input: { ...input, version: '1.35' }, files: mirror.files }
}

test('the program of Debian’s signed package becomes an archive that engines load', async () => {
  const { folder, input } = await debian('1.35.0')
  const { lines, values, said } = await pack(folder, input)
  expect(lines![0]).toBe("BusyBox 1.35.0 of Debian's busybox-static 1:1.35.0-4")
  expect(said).toContain('T: look for busybox-static')
  const { images, problems } = await inspectArchive(join(folder, 'my-busybox.tar'))
  expect(problems).toEqual([])
  expect(images[0]).toMatchObject({
    id: values!['image.id'],
    cmd: ['/bin/sh'],
  })
})

const alpine = async () => {
  const folder = await newFolder()
  const files = [{ path: 'bin/busybox.static', bytes: program('1.37.0'), mode: 0o755 }]
  const packages = [{ name: 'busybox-static', version: '1.37.0-r18', files }]
  const mirror = madeMirror(packages, us, { branch: 'v3.22' })
  const { url } = await serve((request, response) => {
    const bytes = mirror.get(`${MIRROR}${request.url ?? ''}`)
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes)
  })
  const keyring = join(folder, 'keys.pem')
  writeFileSync(keyring, us.key.pem)
  const input = {
    libc: 'musl' as const,
    mirror: url,
    branch: 'v3.22',
    repository: 'main',
    version: '1.37.0',
    architecture: 'x86_64',
    keyring,
  }
  return { folder, input, mirror }
}

test('the program of Alpine’s signed package does too', async () => {
  const { folder, input } = await alpine()
  const { lines } = await pack(folder, input)
  expect(lines![0]).toBe("BusyBox 1.37.0 of Alpine's busybox-static-1.37.0-r18")
})

/** By TLS, which it does not speak: a failure to connect that is not tried again. */
const down = (mirror: string): string => mirror.replace('http:', 'https:')

test('what is wrong with Debian’s mirror is told, and nothing is left behind', async () => {
  const { folder, input, files } = await debian('1.35.0')
  const faultOf = ({ keyring = input.keyring, ...change }: Fault) =>
    failureOf(folder, { ...input, ...change, keyring })
  expect(await faultOf({ mirror: down(input.mirror) })).toMatchObject({ code: 'unreachable' })
  // A stranger's key is not among Debian's own.
  expect(await faultOf({ keyring: null })).toMatchObject({ code: 'key-unknown' })
  expect(await faultOf({ suite: 'forky' })).toMatchObject({ code: 'not-found' })
  expect(await faultOf({ architecture: 'vax' })).toMatchObject({
    message: expect.stringContaining('vax') as string,
  })
  const deb = [...files].find(([path]) => path.endsWith('.deb'))!
  files.set(deb[0], Buffer.concat([deb[1].subarray(0, -9), Buffer.alloc(9)]))
  expect(await faultOf({})).toMatchObject({ code: 'hash-wrong' })
  files.delete(deb[0])
  expect(await faultOf({})).toMatchObject({
    code: 'not-found',
    todo: [expect.stringContaining('in the middle of an update')],
  })
  expect(readdirSync(folder).filter(name => name.includes('my-busybox'))).toEqual([])
})

test('what is wrong with Alpine’s mirror is told, and nothing is left behind', async () => {
  const { folder, input, mirror } = await alpine()
  const faultOf = ({ keyring = input.keyring, ...change }: Fault) =>
    failureOf(folder, { ...input, ...change, keyring })
  expect(await faultOf({ mirror: down(input.mirror) })).toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/^The index /) as string,
  })
  // A stranger's key is not among Alpine's own.
  expect(await faultOf({ keyring: null })).toMatchObject({ code: 'key-unknown' })
  expect(await faultOf({ architecture: 'vax' })).toMatchObject({ code: 'release-missing' })
  const apk = [...mirror].find(([path]) => path.endsWith('.apk'))!
  mirror.set(apk[0], Buffer.concat([apk[1].subarray(0, -9), Buffer.alloc(9)]))
  expect(await faultOf({})).toMatchObject({ code: 'hash-wrong' })
  mirror.delete(apk[0])
  expect(await faultOf({})).toMatchObject({ code: 'not-found' })
  expect(readdirSync(folder).filter(name => name.includes('my-busybox'))).toEqual([])
})

/** What one run is told otherwise. */
interface Fault {
  readonly mirror?: string
  readonly suite?: string
  readonly architecture?: string
  readonly keyring?: string | null
}

const failureOf = (folder: string, input: RootInputs['pack-busybox']): Promise<unknown> =>
  pack(folder, input).catch((error: unknown) => error)

test.each([
  ['1.36', 'release-wrong'],
  ['1.3', 'release-wrong'],
  ['1.35.0', null],
])('BusyBox 1.35.0 where %s is wanted: %s', async (version, code) => {
  const { folder, input } = await debian('1.35.0')
  const packed = await pack(folder, { ...input, version }).catch((error: unknown) => error)
  expect((packed as { code?: string }).code ?? null).toBe(code)
  if (code !== null)
    expect(packed).toMatchObject({
      name: 'CraftError',
      message: `Debian's busybox-static 1:1.35.0-4 is BusyBox 1.35.0, not ${version}.`,
      todo: ['Give another --mirror.'],
    })
})

test('the date that a person asks for is the date of the files', async () => {
  const { folder, input } = await debian('1.35.0')
  const first = await pack(folder, input)
  vi.stubEnv('SOURCE_DATE_EPOCH', '1600000000')
  expect((await pack(folder, input)).values!['image.id']).not.toBe(first.values!['image.id'])
})

test('without a keyring Debian’s own keys are asked, and no others', async () => {
  const { folder, input } = await debian('1.35.0')
  await expect(pack(folder, { ...input, keyring: null })).rejects.toMatchObject({
    name: 'CraftError',
    code: expect.stringMatching(/key|signature/) as string,
  })
})
