import { writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { withHome } from '../ask/typed-path.ts'
import { readAsset } from '../assets.ts'
import { UsageError } from '../errors.ts'
import { reportOf } from '../learn/report.ts'
import type { Plan } from '../plan/types.ts'
import type { Event } from '../run/events.ts'
import { isFolder } from '../text/there.ts'

/** Returns the path that `--report` names, absolute. Throws UsageError when no file can be written there. */
export const reportPath = (named: string, cwd: string): string => {
  const path = resolve(cwd, withHome(named))
  if (isFolder(path)) throw new UsageError(`--report ${named} is a folder; the report is a file.`)
  if (!isFolder(dirname(path)))
    throw new UsageError(`--report ${named}: there is no folder ${dirname(path)}.`, [
      'Make it first, or name a file in one that is there.',
    ])
  return path
}

/** Writes a run as one HTML file. Returns how that went, as a line for the person. */
export const writeReport = async (
  path: string,
  { contents }: Plan,
  events: readonly Event[],
): Promise<string> => {
  const inside = [
    ...(contents?.files ?? []),
    ...((contents?.tree ?? null) === null ? [] : ['other files']),
  ]
  const day = new Date().toISOString().slice(0, 10)
  try {
    await writeFile(path, reportOf(events, { inside, day }, readAsset('learn/report.html')))
    return `Report: ${path}`
  } catch (error) {
    return `The report could not be written: ${(error as Error).message}`
  }
}
