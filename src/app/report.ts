import { writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { withHome } from '../ask/typed-path.ts'
import { readAsset } from '../assets.ts'
import { UsageError } from '../errors.ts'
import { reportOf } from '../learn/report.ts'
import { isSpdx } from '../plan/names.ts'
import type { Plan } from '../plan/types.ts'
import type { Event } from '../run/events.ts'
import { readText } from '../text/read-text.ts'
import { isFolder } from '../text/there.ts'

/** Returns the path that `--report` names, absolute. Throws UsageError when no file can be written there. */
export const reportPath = (named: string, cwd: string): string => {
  const path = resolve(cwd, withHome(named))
  if (isFolder(path)) throw new UsageError(`--report ${named} is a folder; the report is a file.`)
  if (!isFolder(dirname(path)))
    throw new UsageError(`--report ${named}: there is no folder ${dirname(path)}.`, [
      'Create it first, or name a file in an existing folder.',
    ])
  return path
}

/** Writes a run as one HTML file. Returns how that went, as a line for the person. */
export const writeReport = async (
  path: string,
  { contents, keeps, directory }: Plan,
  events: readonly Event[],
): Promise<string> => {
  const inside = [
    ...(contents?.files ?? []),
    ...((contents?.tree ?? null) === null ? [] : ['other files']),
  ]
  const list = keeps.find(isSpdx)
  const packages = list === undefined ? [] : packagesIn(join(directory, list))
  const day = new Date().toISOString().slice(0, 10)
  try {
    await writeFile(
      path,
      reportOf(events, { inside, packages, day }, readAsset('learn/report.html')),
    )
    return `Report: ${path}`
  } catch (error) {
    return `The report could not be written: ${(error as Error).message}`
  }
}

interface Listed {
  readonly name: string
  readonly versionInfo?: string
  readonly primaryPackagePurpose?: string
}

/** The packages of an SPDX document that the run has written, without the system that they make; none where it can't be read. */
const packagesIn = (path: string): string[] => {
  try {
    const document = JSON.parse(readText(path, { most: LARGEST }) ?? '{}') as {
      packages?: readonly Listed[]
    }
    return (document.packages ?? [])
      .filter(one => one.primaryPackagePurpose !== 'OPERATING_SYSTEM')
      .map(({ name, versionInfo = '' }) => `${name} ${versionInfo}`.trim())
  } catch {
    return []
  }
}

const LARGEST = 50_000_000
