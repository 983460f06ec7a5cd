import { createWriteStream, type WriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { drained } from '../../text/drained.ts'
import type { Event } from '../events.ts'

import { OURS } from './project.ts'
import { makeFolders } from '../../text/make-folders.ts'

/** Records every event of a run as one JSON line, with the time. */
export interface Journal {
  readonly path: string
  readonly write: (events: readonly Event[]) => Promise<void>
  /** The project folder is there: from now on events go to its file, those so far first. */
  readonly attach: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A journal that keeps its lines in memory until its folder exists. The journal of the run before is kept too. */
export const openJournal = (
  directory: string,
  facts: unknown,
  now: () => Date = () => new Date(),
): Journal => {
  const folder = join(directory, OURS)
  const path = join(folder, 'journal.ndjson')
  let waiting = line(now(), { type: 'facts', facts })
  let file: WriteStream | null = null
  let broken = false
  return {
    path,
    write: async events => {
      const text = events.map(event => line(now(), event)).join('')
      if (file === null) waiting += text
      // Once it is closed, as before a cancelled folder is removed, it would never drain.
      else if (!broken && file.writable && !file.write(text)) await drained(file)
    },
    attach: async () => {
      if (file !== null) return
      await makeFolders(folder)
      await rename(path, join(folder, 'journal.previous.ndjson')).catch(() => undefined)
      file = createWriteStream(path)
      // A full disk must fail the step that needs the room, not the notes on it.
      file.on('error', () => (broken = true))
      file.write(waiting)
      waiting = ''
    },
    close: async () => {
      if (file === null || file.closed) return
      file.end()
      await once(file, 'close').catch(() => undefined)
    },
  }
}

const line = (at: Date, event: object): string =>
  `${JSON.stringify({ at: at.toISOString(), ...event })}\n`
