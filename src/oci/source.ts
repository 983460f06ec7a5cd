import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { compressionOf, decompressed } from '../tar/compression.ts'
import type { Compression } from '../tar/compression.ts'
import { NotAnArchive } from './errors.ts'
import { TarProblem } from '../tar/problem.ts'
import { head, metered, sliced } from '../tar/streams.ts'
import type { Budget, Chunks } from '../tar/streams.ts'
import { BLOCK, isZeros } from '../tar/block.ts'
import { isHeader } from '../tar/header.ts'

/** A file that begins like a tar, perhaps compressed as a whole. */
export interface ArchiveSource {
  readonly path: string
  /** Bytes of the file. */
  readonly size: number
  readonly compression: Compression
  /** Gives the whole tar, uncompressed. */
  readonly all: (budget: Budget) => Chunks
  /** Gives a part of the tar; offsets are those of the uncompressed tar. */
  readonly part: (offset: number, length: number) => Chunks
}

const READ = { highWaterMark: 256 * 1024 }

/**
 * Looks at the first block of a file.
 * @throws NotAnArchive when it is no tar; the file system's error when it cannot be read.
 */
export const openArchive = async (path: string): Promise<ArchiveSource> => {
  const found = await stat(path)
  if (found.isDirectory()) throw new NotAnArchive(path, 'it is a directory')
  if (!found.isFile()) throw new NotAnArchive(path, 'it is not a regular file')
  const compression = compressionOf(await firstBytes(path))
  await checkFirstBlock(path, compression)
  const plain = (): Chunks => decompressed(createReadStream(path, READ), compression)
  return {
    path,
    size: found.size,
    compression,
    all: budget => (compression === 'none' ? plain() : metered(plain(), budget)),
    part: (offset, length) =>
      compression === 'none' ? filePart(path, offset, length) : sliced(plain(), offset, length),
  }
}

/**
 * Tells by its first bytes whether a file is a tar, perhaps compressed as a whole; only `inspectArchive` tells
 * whether images are in it. @throws the file system's error when it cannot be read.
 */
export const isArchive = async (path: string): Promise<boolean> => {
  try {
    await openArchive(path)
    return true
  } catch (error) {
    if (error instanceof NotAnArchive) return false
    throw error
  }
}

const filePart = (path: string, offset: number, length: number): Chunks =>
  createReadStream(path, { ...READ, start: offset, end: offset + Math.max(length, 1) - 1 })

const firstBytes = async (path: string): Promise<Buffer> => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

const checkFirstBlock = async (path: string, compression: Compression): Promise<void> => {
  const block = await firstBlock(path, compression)
  if (isHeader(block)) return
  const inside = compression === 'none' ? 'it' : `what ${compression} compressed in it`
  throw new NotAnArchive(path, `${inside} ${whatItIs(block)}`)
}

const firstBlock = async (path: string, compression: Compression): Promise<Buffer> => {
  try {
    const chunks = decompressed(createReadStream(path, READ), compression)
    return Buffer.concat(await head(chunks, BLOCK)).subarray(0, BLOCK)
  } catch (error) {
    throw error instanceof TarProblem ? new NotAnArchive(path, error.message) : error
  }
}

const MAGICS: readonly (readonly [string, string])[] = [
  ['\x7fELF', 'is an executable (ELF), not a tar'],
  ['\x1f\x8b', 'is gzip data again, not a tar'],
  ['BZh', 'is compressed by bzip2, which image archives are not'],
  ['\xfd7zXZ\0', 'is compressed by xz, which image archives are not'],
  ['PK\x03\x04', 'is a zip file, not a tar'],
  ['#!', 'is a script, not a tar'],
  ['{', 'is JSON text, not a tar'],
]

const whatItIs = (block: Buffer): string => {
  if (block.length === 0) return 'is empty'
  const text = block.toString('latin1')
  const known = MAGICS.find(([magic]) => text.startsWith(magic))
  if (known !== undefined) return known[1]
  if (block.length < BLOCK) return 'is shorter than one block of a tar'
  return isZeros(block) ? 'begins with zeros, as an empty tar does' : 'does not begin like a tar'
}
