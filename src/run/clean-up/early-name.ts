import { copyFile, link, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ARCHIVE_BEFORE } from '../../plan/names.ts'
import type { RunContext } from '../context.ts'
import type { Event } from '../events.ts'
import { fileDigest } from '../project/files.ts'
import { archiveKey } from '../project/archive-place.ts'
import { rememberArchive } from '../project/project.ts'
import { query, clientOf } from './containers.ts'

/** Remembers what has the name, or the archive's place, that the next step takes. */
export const rememberName = async (context: RunContext): Promise<void> => {
  if (context.nameBefore !== undefined) return
  const { namedBy, image } = context.plan
  const { archive, reference } = image
  context.nameBefore =
    archive === null || namedBy === 'load'
      ? await idOf(reference, context)
      : await keepArchive(archive, context)
}

/**
 * Takes the name from an image that was not proven, and gives it back to the image that had it before; likewise the
 * place of an archive. Returns the event that tells of it, or none when all stands where it stood.
 */
export const giveNameBack = async (context: RunContext): Promise<Event[]> => {
  const { plan, nameBefore } = context
  if (nameBefore === undefined) return []
  const { reference } = plan.image
  const archive = plan.namedBy === 'load' ? null : plan.image.archive
  const back =
    archive === null
      ? await nameBack(reference, nameBefore, context)
      : await archiveBack(archive, nameBefore, context)
  return back ? [{ type: 'given-back', name: archive ?? reference, id: nameBefore }] : []
}

const nameBack = async (
  name: string,
  before: string | null,
  context: RunContext,
): Promise<boolean> => {
  const now = await idOf(name, context)
  if (now === null || now === before) return false
  const client = clientOf(context)
  if (before === null) return (await query(client, ['rmi', name], 60)).exitCode === 0
  const { exitCode } = await query(client, ['tag', before, name], 60)
  // It may have other names of its own, and then stays.
  await query(client, ['rmi', now], 60)
  return exitCode === 0
}

const idOf = async (name: string, context: RunContext): Promise<string | null> => {
  const words = ['image', 'inspect', '--format', '{{.Id}}', name]
  const { exitCode, stdout } = await query(clientOf(context), words, 10)
  return exitCode === 0 ? stdout.trim() : null
}

/** A second name costs nothing; on another disk it has to be a copy. */
const keepArchive = async (archive: string, context: RunContext): Promise<string | null> => {
  const digest = await fileDigest(archive).catch(() => null)
  if (digest === null) return null
  const kept = keptPath(context)
  await rm(kept, { force: true })
  await link(archive, kept).catch(() => copyFile(archive, kept))
  return digest
}

const archiveBack = async (
  archive: string,
  before: string | null,
  context: RunContext,
): Promise<boolean> => {
  const now = await fileDigest(archive)
  if (now === null || now === before) return false
  const { project } = context
  if (before === null) {
    await rm(archive, { force: true })
    const { [archiveKey(project.directory, archive)]: _, ...others } = project.state.archives ?? {}
    project.state = { ...project.state, archives: others }
    return true
  }
  const kept = keptPath(context)
  await rename(kept, archive).catch(() => copyFile(kept, archive))
  await rememberArchive(project, archive, before)
  return true
}

const keptPath = ({ project }: RunContext): string => join(project.directory, ARCHIVE_BEFORE)
