import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageChanges } from '../../bootstrap/deb/changes.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import { KEPT, LOCK_FILE, MADE } from '../../plan/names.ts'
import { readBytes } from '../../text/read-text.ts'
import type { RunContext } from '../context.ts'
import type { Outcome } from '../events.ts'
import { digestOf } from './files.ts'
import { writeOwnFile } from './own-file.ts'
import { saveState, type Project } from './project.ts'

/**
 * Puts the files that tell what a proven image is of into its project folder, and tells in the run's hints what stays
 * as it was; those of another image, made before in the folder, go. Returns how its packages differ from those of the image before. Notes that can't be written take nothing of
 * the image away.
 */
export const keepOf = async (context: RunContext): Promise<Pick<Outcome, 'changes'>> => {
  const { plan, project } = context
  if (plan.keeps.length === 0) {
    const left = await dropFormer(project).catch(() => KEPT)
    if (left.length > 0)
      context.hints = [
        ...context.hints,
        `${left.join(', ')}: of the image that was made here before.`,
      ]
    return {}
  }
  const done = await keepMade(plan.keeps, project).catch(() => null)
  const hints = [
    ...(done === null ? [`${plan.keeps.join(', ')} could not be written.`] : []),
    ...(done?.kept ?? []).map(file => `${file} stays as you changed it.`),
  ]
  context.hints = [...context.hints, ...hints]
  return done === null || done.changes === null ? {} : { changes: done.changes }
}

/** Removes what tells of another image; returns what a person has changed, and so stays. */
const dropFormer = async (project: Project): Promise<string[]> => {
  const left: string[] = []
  for (const file of KEPT) {
    const { [file]: recorded, ...written } = project.state.written
    if (recorded === undefined) continue
    const path = join(project.directory, file)
    const found = textIn(path)
    if (found !== null && digestOf(found) !== recorded) left.push(file)
    else await rm(path, { force: true })
    await saveState(project, { written })
  }
  return left
}

/**
 * Puts the files that tell what a proven image is of into its project folder; what a person changed stays, and is named
 * in `kept`. Returns how its packages differ from those of the lock that was there, or null where none was or nothing does.
 */
const keepMade = async (
  files: readonly string[],
  project: Project,
): Promise<{ readonly changes: PackageChanges | null; readonly kept: readonly string[] }> => {
  const changes = files.includes(LOCK_FILE) ? await changesTo(project) : null
  const kept: string[] = []
  for (const file of files) {
    const content = textIn(join(project.directory, MADE, file))
    if (content === null) continue
    await adopt(file, project)
    const done = await writeOwnFile({ file, text: '', content }, project)
    if (done?.startsWith('kept') === true) kept.push(file)
    await saveState(project, { written: { ...project.state.written, [file]: digestOf(content) } })
  }
  return { changes, kept }
}

/** One that came here by git, or was of other answers, has no record; it is no less a file that we wrote. */
const adopt = async (file: string, project: Project): Promise<void> => {
  const { directory, state } = project
  const found = textIn(join(directory, file))
  if (found === null || state.written[file] !== undefined || !OUR_MARK.test(found.toString()))
    return
  await saveState(project, { written: { ...state.written, [file]: digestOf(found) } })
}

const OUR_MARK = /^\{\n "lock": 1,|create-base-image/

const LARGEST = 100_000_000

const textIn = (path: string): Buffer | null => readBytes(path, { most: LARGEST })

/** An image of other answers is no earlier one of this. */
const changesTo = async ({ directory, kind }: Project): Promise<PackageChanges | null> => {
  const [before, after] = [join(directory, LOCK_FILE), join(directory, MADE, LOCK_FILE)].map(textIn)
  if (kind === 'replaced' || !before || !after || before.equals(after)) return null
  const [{ readLock }, { packageChanges }] = await Promise.all([
    import('../../bootstrap/deb/lock.ts'),
    import('../../bootstrap/deb/changes.ts'),
  ])
  const packages = (text: Buffer) => readLock(text.toString(), LOCK_FILE).packages
  try {
    const changes = packageChanges(packages(before), packages(after))
    return Object.values(changes).some((list: readonly unknown[]) => list.length > 0)
      ? changes
      : null
  } catch (error) {
    // A person may have changed it.
    if (error instanceof BootstrapError) return null
    throw error
  }
}
