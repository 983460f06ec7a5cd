import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ImageFile, ImageSpec } from '../../src/oci/types.ts'

/** Returns a temporary folder that is removed after the test. */
export const room = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'oci-test-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Returns a file of an image that holds a text. */
export const textFile = (path: string, text: string, mode = 0o644): ImageFile => ({
  path,
  source: { bytes: Buffer.from(text) },
  mode,
})

/** Returns the spec of a small image with these files. */
export const specOf = (files: readonly ImageFile[], more: Partial<ImageSpec> = {}): ImageSpec => ({
  reference: 'hello:latest',
  arch: 'amd64',
  files,
  cmd: ['/hello'],
  ...more,
})
