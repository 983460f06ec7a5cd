import { expect, test } from 'vitest'
import { busyboxFromAlpine } from '../../../src/bootstrap/busybox/from-alpine.ts'
import { busyboxEntries } from '../../../src/bootstrap/busybox/root.ts'
import { us } from '../apk/base.ts'
import { fetcherOf, madeMirror, MIRROR } from '../apk/mirror.ts'
import { signer } from '../apk/repository.ts'
import type { TestPackage } from '../apk/repository.ts'
import { APPLETS, fakeBusybox } from './program.ts'

const program = (version: string): Buffer =>
  Buffer.concat([Buffer.from(`BusyBox v${version} (2024)\0`), fakeBusybox(APPLETS)])

const STATIC: TestPackage = {
  name: 'busybox-static',
  version: '1.37.0-r18',
  files: [{ path: 'bin/busybox.static', bytes: program('1.37.0'), mode: 0o755 }],
}

const taken = (packages: readonly TestPackage[], key = us.key) =>
  busyboxFromAlpine(
    {
      mirror: MIRROR,
      branch: 'v3.22',
      repository: 'main',
      architecture: 'x86_64',
      keys: [key],
      signal: new AbortController().signal,
    },
    fetcherOf(madeMirror(packages, us, { branch: 'v3.22' })),
  )

test('the program of Alpine’s signed package is taken, with its version and its names', async () => {
  const busybox = await taken([STATIC])
  expect(busybox).toMatchObject({
    version: '1.37.0',
    libc: 'musl',
    from: "Alpine's busybox-static-1.37.0-r18",
    epoch: 1_700_000_000,
  })
  const paths = busyboxEntries(busybox).map(({ spec }) => spec.path)
  expect(paths).toEqual(expect.arrayContaining(['bin/busybox', 'bin/ls', 'usr/bin/[[']))
})

test('a stranger’s package, a mirror without it, and another program are told apart', async () => {
  await expect(taken([STATIC], signer('other.rsa.pub').key)).rejects.toMatchObject({
    code: 'key-unknown',
  })
  await expect(taken([{ name: 'tree' }])).rejects.toMatchObject({ code: 'include-unknown' })
  const other = { ...STATIC, files: [{ path: 'bin/busybox.static', bytes: 'ELF' }] }
  await expect(taken([other])).rejects.toMatchObject({ code: 'busybox-unknown' })
})
