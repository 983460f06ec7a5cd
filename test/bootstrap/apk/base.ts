import { expect } from 'vitest'
import { bootstrapApk } from '../../../src/bootstrap/apk/bootstrap.ts'
import type { ApkRequest } from '../../../src/bootstrap/apk/types.ts'
import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import { tarEntries } from '../../../src/tar/read.ts'
import { fetcherOf, madeMirror, MIRROR } from './mirror.ts'
import type { Mirror } from './mirror.ts'

import { signer } from './repository.ts'
import type { TestPackage } from './repository.ts'

/** The signer whose key the requests know. */
export const us = signer()

/** The least that looks like Alpine. */
export const BASE: readonly TestPackage[] = [
  {
    name: 'alpine-baselayout',
    depends: '/bin/sh',
    files: [
      { path: 'dev/' },
      { path: 'tmp/', mode: 0o1777 },
      { path: 'etc/passwd', bytes: 'root:x:0:0:root:/root:/bin/sh\n' },
      { path: 'etc/shadow', bytes: 'root:*::0:::::\n', mode: 0o640, gid: 42 },
      { path: 'var/run', link: '/run' },
    ],
    scripts: { 'post-install': '#!/bin/sh\nexit 0\n' },
  },
  { name: 'alpine-release', files: [{ path: 'etc/alpine-release', bytes: '3.20.3\n' }] },
  {
    name: 'busybox',
    files: [
      { path: 'bin/busybox', bytes: 'ELF', mode: 0o755 },
      { path: 'etc/busybox-paths.d/busybox', bytes: 'bin/ls\nbin/sh\nusr/bin/[[\n../../evil\n' },
    ],
    scripts: { 'post-install': '#!/bin/busybox sh\n', trigger: '#!/bin/sh\n' },
    triggers: '/bin /usr/bin',
  },
  {
    name: 'busybox-binsh',
    provides: '/bin/sh',
    depends: 'busybox',
    priority: 100,
    files: [{ path: 'bin/sh', link: '/bin/busybox' }],
  },
]

const request = (more: Partial<ApkRequest> = {}): ApkRequest => ({
  mirror: `${MIRROR}/`,
  branch: 'v3.20',
  version: '3.20',
  repositories: ['main'],
  architecture: 'x86_64',
  packages: ['alpine-release', 'alpine-baselayout'],
  keys: [us.key],
  isPartial: false,
  writtenMirror: 'https://dl-cdn.alpinelinux.org/alpine/',
  writtenKeys: [us.key],
  signal: new AbortController().signal,
  ...more,
})

/** Returns the root filesystem of a mirror. */
export const made = (mirror: Mirror, more: Partial<ApkRequest> = {}) =>
  bootstrapApk(request(more), fetcherOf(mirror))

/** Returns the code of what went wrong until the last byte of the tar, or `none`. */
export const code = async (mirror: Mirror, more: Partial<ApkRequest> = {}): Promise<string> => {
  try {
    const root = await made(mirror, more)
    for await (const chunk of root.tar()) expect(chunk.length).toBeGreaterThanOrEqual(0)
    return 'none'
  } catch (error) {
    if (error instanceof BootstrapError) return error.code
    throw error
  }
}

/** Returns a mirror with one package more. */
export const withPackage = (extra: TestPackage): Mirror => madeMirror([...BASE, extra], us)

/** Returns a stream as one buffer. */
export const bytesOf = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

/** Returns the entries of a tar by path; each may be there once. */
export const listed = async (tar: AsyncIterable<Uint8Array>) => {
  const found = new Map<string, { kind: string; mode: number; gid: number; text: string }>()
  for await (const { path, kind, mode, gid, linkPath, body } of tarEntries(tar, { strict: true })) {
    expect(found.has(path), path).toBe(false)
    const text = kind === 'file' ? (await bytesOf(body)).toString() : linkPath
    found.set(path, { kind, mode, gid, text })
  }
  return found
}
