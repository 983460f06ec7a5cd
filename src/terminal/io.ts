import type { Writable } from 'node:stream'
import { outOf, type Out } from '../show/out.ts'
import { terminalOf, type Terminal } from './terminal.ts'

/** What the tool sees of the world around its process; tests hand in their own. */
export interface Io {
  readonly out: Out
  readonly err: Out
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly terminal: Terminal
}

/** The real process. Node makes a standard stream when it is first looked at, so each is looked at only when needed. */
export const processIo = (): Io => ({
  get out() {
    return outOf(unbreakable(process.stdout))
  },
  get err() {
    return outOf(unbreakable(process.stderr))
  },
  env: process.env,
  cwd: currentFolder(),
  get terminal() {
    return terminalOf(process)
  },
})

const guarded = new WeakSet<Writable>()

/** A reader that goes away must not crash us with an unhandled error. */
const unbreakable = (stream: Writable): Writable => {
  if (!guarded.has(stream)) stream.on('error', () => undefined)
  guarded.add(stream)
  return stream
}

/** A shell can stand in a folder that has been removed; what needs a folder then says so by its own path. */
const currentFolder = (): string => {
  try {
    return process.cwd()
  } catch {
    return process.env['PWD'] ?? '/'
  }
}
