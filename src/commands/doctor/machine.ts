import { statfs } from 'node:fs/promises'
import { freemem, tmpdir, totalmem } from 'node:os'
import type { Io } from '../../terminal/io.ts'
import { size } from '../../text/units.ts'
import { fine, type Check } from './check.ts'

/** Bytes that a full image takes where it is made: Ubuntu's minbase with its builder is about half of it. */
const ROOM = 1_000_000_000

/** Bytes of memory under which apt and dpkg in a container were ended (512 MB) and with which they work. */
const LEAST_MEMORY = 512_000_000
const GOOD_MEMORY = 1_000_000_000

/** Where there must be room: this folder, the temporary one, and the engine's own where it is on this machine. */
export const diskChecks = async (cwd: string, engineRoot: string | null): Promise<Check[]> => {
  const places = [
    { code: 'disk', name: 'Disk, this folder', path: cwd },
    { code: 'disk-temporary', name: 'Disk, temporary', path: tmpdir() },
    ...(engineRoot === null
      ? []
      : [{ code: 'disk-engine', name: 'Disk, engine', path: engineRoot }]),
  ]
  return Promise.all(places.map(diskCheck))
}

const diskCheck = async ({
  code,
  name,
  path,
}: {
  readonly code: string
  readonly name: string
  readonly path: string
}): Promise<Check> => {
  const free = await freeBytes(path)
  if (free === null)
    return { code, state: 'unknown', name, says: `${path} can't be looked at`, todo: [] }
  if (free >= ROOM) return fine(code, name, `${size(free)} free (${path})`)
  const todo = [
    code === 'disk-engine'
      ? 'Make room: docker system df shows what takes it; create-base-image clean --builders'
      : `Make room in ${path}: a full image takes about ${size(ROOM)}.`,
  ]
  return { code, state: 'warn', name, says: `only ${size(free)} free (${path})`, todo }
}

const freeBytes = async (path: string): Promise<number | null> => {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return null
  }
}

/** This machine's memory; an engine elsewhere has its own. `free` and `total` are bytes. */
export const memoryCheck = (free = freemem(), total = totalmem()): Check => {
  const says = `${size(total)}, ${size(free)} free`
  if (total >= GOOD_MEMORY && free >= LEAST_MEMORY) return fine('memory', 'Memory', says)
  const todo = ['Close other programs: with less the system may end a bootstrap (exit code 137).']
  return { code: 'memory', state: 'warn', name: 'Memory', says, todo }
}

/** What this terminal lets us do. */
export const terminalCheck = ({ canAsk, animate, colour, unicode, plain }: Io['terminal']): Check =>
  fine(
    'terminal',
    'Terminal',
    [
      canAsk ? 'questions' : 'no questions (no terminal, or CI)',
      animate ? 'a live view' : 'lines',
      ...(colour ? ['colour'] : []),
      unicode ? 'Unicode' : 'ASCII',
      ...(plain ? ['plain, for a screen reader or a simple terminal'] : []),
    ].join(', '),
  )
