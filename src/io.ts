import { outOf, type Out } from './show/out.ts'

/** What the tool sees of the world around its process; tests hand in their own. */
export interface Io {
  readonly out: Out
  readonly err: Out
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  /** True when stdout may be coloured. */
  readonly colour: boolean
}

/** The real process. A reader of stdout that goes away must not crash us with an unhandled error. */
export const processIo = (): Io => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  return {
    out: outOf(process.stdout),
    err: outOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    colour: wantsColour(process.env, process.stdout.isTTY),
  }
}

/** FORCE_COLOR beats the terminal's own word; the entry file has put NO_COLOR and TERM=dumb into it. */
const wantsColour = ({ FORCE_COLOR, CI }: NodeJS.ProcessEnv, isTTY: boolean): boolean => {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
  return isTTY && CI === undefined
}
