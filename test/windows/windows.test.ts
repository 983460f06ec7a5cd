import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BASE } from '../bootstrap/apk/base.ts'
import { madeMirror, MIRROR, type Mirror } from '../bootstrap/apk/mirror.ts'
import { signer } from '../bootstrap/apk/repository.ts'
import { sharedFolder, type Shared } from './windows.ts'

let shared: Shared

beforeAll(() => {
  shared = sharedFolder()
})

afterAll(() => shared.remove())

test('the plan says what Windows lacks, and how the image comes out all the same', async () => {
  const { code, out, err } = await shared.onWindows([shared.named('hello'), '--plan'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('There is no docker command on this machine.')
  expect(out).toContain('docs.docker.com/desktop/setup/install/windows-install')
  expect(out).toContain(`in ${shared.named('hello')}\n`)
  expect(out).toContain('a Linux program does not run on this system')
})

test.each(['sh', 'powershell', 'dockerfile', 'bake'])(
  'the script for %s is the one that Linux prints',
  async kind => {
    const windows = await shared.onWindows(['--script', kind, '--release', 'bookworm'])
    const linux = await shared.here(['--script', kind, '--release', 'bookworm'])
    expect(windows).toEqual(linux)
    expect(windows.code).toBe(0)
  },
)

test('an archive without an engine is the one that Linux makes, and inspect finds it right', async () => {
  const flags = ['--yes', '--program', 'raw', '--engine', 'none', '--tag', 'made']
  const windows = await shared.onWindows([shared.named('one'), ...flags])
  expect([windows.code, windows.err]).toEqual([0, ''])
  expect((await shared.here([join(shared.path, 'two'), ...flags])).code).toBe(0)
  expect(readFileSync(join(shared.path, 'one/made.tar'))).toEqual(
    readFileSync(join(shared.path, 'two/made.tar')),
  )
  const inspected = await shared.onWindows(['inspect', shared.named('one/made.tar')])
  expect(inspected).toMatchObject({
    code: 0,
    out: expect.stringContaining('All digests are right.') as string,
  })
  const again = await shared.onWindows([shared.named('one'), ...flags])
  expect([again.code, again.err]).toEqual([0, ''])
})

test('a program for Windows is told as that', async () => {
  const { code, out } = await shared.onWindows(['inspect', 'Z:\\opt\\node.exe'])
  expect(code).toBe(1)
  expect(out).toContain("node.exe is made for Windows (amd64); a Linux image can't run it.")
})

test('Alpine, made of signed packages by Windows, is the image that Linux makes', async () => {
  const by = signer()
  const mirror = await served(madeMirror(PACKAGES, by))
  try {
    writeFileSync(join(shared.path, by.name), by.key.pem)
    const words =
      '--yes --release alpine:3.20 --engine none --tag alpine --arch amd64 --include os-release --mirror'
    const flags = (key: string): string[] => [...words.split(' '), mirror.url, '--keyring', key]
    const windows = await shared.onWindows([shared.named('al'), ...flags(shared.named(by.name))])
    // Wine 10 may fault when it ends after a download, and says so in Windows' place.
    expect(windows.code, windows.err).toBe(0)
    const linux = await shared.here([
      join(shared.path, 'pine'),
      ...flags(join(shared.path, by.name)),
    ])
    expect([linux.code, linux.err], linux.out).toEqual([0, ''])
    expect(idIn(windows.out)).toBe(idIn(linux.out))
  } finally {
    mirror.server.close()
  }
})

/** The least that looks like Alpine and can be proven on Linux. */
const PACKAGES = [
  ...BASE.filter(({ name }) => name !== 'busybox'),
  {
    name: 'busybox',
    files: [
      { path: 'bin/busybox', bytes: readFileSync('/bin/busybox'), mode: 0o755 },
      { path: 'etc/busybox-paths.d/busybox', bytes: 'bin/cat\nbin/sh\n' },
    ],
  },
  ...['alpine-keys', 'apk-tools', 'libc-utils'].map(name => ({
    name,
    files: [{ path: `usr/share/${name}`, bytes: name }],
  })),
  {
    name: 'os-release',
    files: [
      {
        path: 'etc/os-release',
        bytes: 'ID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n',
      },
    ],
  },
]

const idIn = (text: string): string => /sha256:[0-9a-f]{12}/.exec(text)![0]

/** Serves a mirror in memory on loopback. */
const served = async (
  mirror: Mirror,
): Promise<{ readonly url: string; readonly server: Server }> => {
  const server = createServer((request, response) => {
    const found = mirror.get(`${MIRROR}${(request.url ?? '').replace(/^\/alpine/, '')}`)
    response.writeHead(found === undefined ? 404 : 200).end(found)
  })
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/alpine`, server }
}
