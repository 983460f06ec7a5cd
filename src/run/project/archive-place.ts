import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import { isAbsolute, relative, sep } from 'node:path'
import { UsageError } from '../../errors.ts'
import { FILES } from '../../plan/names.ts'
import type { Plan } from '../../plan/types.ts'
import { OURS } from './lock.ts'

/** Whose archive is to be written, and whether the person said that it may replace a file of theirs. */
export interface ArchiveWish {
  readonly plan: Pick<Plan, 'directory' | 'image' | 'contents' | 'steps'>
  readonly force: boolean
}

/** Stands for an archive's digest while it is being written. */
export const BEGUN = 'begun'

/**
 * Throws UsageError when the plan's archive would replace something else: of what is not a regular file, of a
 * file of the project folder, or, without `force`, of a file that is not in `recorded` (digests by `archiveKey`).
 */
export const checkArchivePlace = (
  wish: ArchiveWish,
  recorded: Readonly<Record<string, string>>,
): void => {
  const { plan, force } = wish
  const archive = plan.image.archive
  if (archive === null) return
  checkOwnNames(plan, archive)
  const found = lookAt(archive)
  if (found === null) return
  if (!found.isFile()) {
    throw new UsageError(`${archive} is there and is not a regular file.`, [
      'Name another file: --output ./my-image.tar',
    ])
  }
  if (force || isOurs(archive, recorded[archiveKey(plan.directory, archive)])) return
  throw new UsageError(`${archive} is there, and this project did not write it as it is.`, [
    'Name another file with --output, or replace it with --force.',
  ])
}

/** How a project's state names an archive: relative, so that the folder may be moved together with it. */
export const archiveKey = (directory: string, archive: string): string =>
  relative(directory, archive)

const checkOwnNames = (plan: ArchiveWish['plan'], archive: string): void => {
  const above = relative(archive, plan.directory)
  if (isBelow(above)) {
    throw new UsageError(`${archive} is the project folder or a folder above it.`, [
      'Name a file: --output ./my-image.tar',
    ])
  }
  const inside = relative(plan.directory, archive)
  // Names are compared as a Mac or Windows does, where Dockerfile and dockerfile are one file.
  const name = inside.split(sep)[0]?.toLowerCase()
  if (!isBelow(inside) || !ownNames(plan).some(own => own.toLowerCase() === name)) return
  throw new UsageError(`${archive} is a place that the project folder needs itself.`, [
    'Name another file with --output.',
  ])
}

const isBelow = (path: string): boolean =>
  path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)

const ownNames = ({ contents, steps }: ArchiveWish['plan']): string[] => {
  const written = steps
    .flatMap(step => step.pipeline)
    .flatMap(stage =>
      stage.kind === 'craft' && stage.craft === 'write-project' ? stage.input.files : [],
    )
  return [OURS, FILES, ...(contents?.files ?? []), ...written.map(({ file }) => file)]
}

const lookAt = (path: string): Stats | null => {
  try {
    return lstatSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new UsageError(`${path} can't be written (${code}).`, [
      'Name another file with --output.',
    ])
  }
}

/** A run that was killed while it packed has left no digest. */
const isOurs = (path: string, recorded: string | undefined): boolean => {
  if (recorded === undefined || recorded === BEGUN) return recorded === BEGUN
  try {
    return digestIn(path) === recorded
  } catch {
    return false
  }
}

/** An archive may be larger than the memory. */
const digestIn = (path: string): string => {
  const hash = createHash('sha256')
  const piece = Buffer.allocUnsafe(1024 * 1024)
  const file = openSync(path, 'r')
  try {
    for (let bytes = 1; bytes > 0;) {
      bytes = readSync(file, piece)
      hash.update(piece.subarray(0, bytes))
    }
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
