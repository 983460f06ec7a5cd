import type { Io } from '../../src/terminal/io.ts'

/** A world for a command: what it says is kept, nobody can be asked, and no engine answers. */
export interface ListeningIo extends Io {
  readonly said: () => string
  readonly complained: () => string
}

/** Returns an Io that keeps what is written to it; `cwd` is where the command stands. */
export const listeningIo = (cwd = process.cwd(), env: NodeJS.ProcessEnv = {}): ListeningIo => {
  const [out, err] = [collector(), collector()]
  return {
    out,
    err,
    env,
    cwd,
    terminal: { canAsk: false, animate: false, colour: false, unicode: true, plain: false },
    said: out.text,
    complained: err.text,
  }
}

const collector = () => {
  let all = ''
  return { write: (more: string) => void (all += more), text: () => all }
}
