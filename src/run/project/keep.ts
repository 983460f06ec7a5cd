import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackageChanges } from '../../bootstrap/deb/changes.ts'
import { BootstrapError } from '../../bootstrap/errors.ts'
import { LOCK_FILE, MADE, SBOMS } from '../../plan/names.ts'
import { readBytes } from '../../text/read-text.ts'
import type { RunContext } from '../context.ts'
import type { Outcome } from '../events.ts'
import { digestOf, fileDigest } from './files.ts'
import { writeOwnFile } from './own-file.ts'
import { saveState, type Project } from './project.ts'

/**
 * Puts the files that say what a proven image is made of into its project folder, and says in the run's hints what stays
 * as it was. Those of an image that this one replaces go away. Returns how its packages differ from those of the image before. Notes
 * that can't be written do no harm to the image.
 */
export const keepOf = async (context: RunContext): Promise<Pick<Outcome, 'changes'>> => {
  const { plan, project } = context
  const done = await keepMade(plan.keeps, project).catch(() => null)
  await dropStale(context).catch(() => undefined)
  const hints = [
    ...(done === null ? [`${plan.keeps.join(', ')} could not be written.`] : []),
    ...(done?.kept ?? []).map(file => `${file} stays as you changed it.`),
  ]
  context.hints = [...context.hints, ...hints]
  return done === null || done.changes === null ? {} : { changes: done.changes }
}

/**
 * Puts the files that say what a proven image is made of into its project folder; what a person changed stays, and is named
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

/** Files about the image before would be taken for this one's. What a person changed is kept beside, as when it is replaced. */
const dropStale = async ({ plan, project }: RunContext): Promise<void> => {
  const { directory, state } = project
  const isOfThis = (file: string): boolean =>
    plan.keeps.includes(file) || (file === LOCK_FILE && plan.answers['locked'] !== undefined)
  for (const file of [LOCK_FILE, ...SBOMS]) {
    const recorded = state.written[file]
    if (recorded === undefined || isOfThis(file)) continue
    const path = join(directory, file)
    const found = await fileDigest(path)
    if (found === recorded) await rm(path)
    else if (found !== null) await rename(path, `${path}.old`)
    const { [file]: _, ...written } = project.state.written
    await saveState(project, { written })
  }
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

/** An image of other answers is not an earlier one of this. */
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
