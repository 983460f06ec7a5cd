import { join, resolve } from 'node:path'
import { commandWords } from '../ask/words.ts'
import { EXIT, UsageError } from '../errors.ts'
import { recapOf, recapText } from '../learn/recap.ts'
import { readText, UnfitFile } from '../text/read-text.ts'
import { textWidth } from '../text/wrap.ts'
import type { Event } from '../run/events.ts'
import { OURS } from '../run/project/project.ts'
import type { Io } from '../terminal/io.ts'

/** Tells what the last run in a project folder did, and why. Returns 0. Throws UsageError where no run was. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals } = commandWords(argv, 'recap')
  const folder = positionals[0] ?? '.'
  const recap = recapOf(readEvents(resolve(io.cwd, folder)))
  if (recap === null) throw noRun(folder)
  await io.out.write(`\n${recapText(recap, textWidth())}\n`)
  return EXIT.done
}

/** A run of a whole distribution writes some megabytes. */
const MOST_BYTES = 200_000_000

const readEvents = (directory: string): Event[] => {
  try {
    const text = readText(join(directory, OURS, 'journal.ndjson'), { most: MOST_BYTES })
    return (text ?? '').split('\n').flatMap(eventIn)
  } catch (error) {
    if (!(error instanceof UnfitFile)) throw error
    throw new UsageError(`${error.message}, so it is not a journal of this tool.`, [
      'Name the folder of another run: create-base-image recap my-image',
    ])
  }
}

/** A run that was killed may have left half a line. */
const eventIn = (line: string): Event[] => {
  try {
    return line === '' ? [] : [JSON.parse(line) as Event]
  } catch {
    return []
  }
}

const noRun = (folder: string): UsageError =>
  new UsageError(`${folder === '.' ? 'This folder' : folder} has no journal of a run.`, [
    'Name the project folder: create-base-image recap my-image',
    'Or make an image first: create-base-image',
  ])
