import { suspend } from '../../terminal/suspend.ts'
import { listenToKeys, type KeyListeners, type KeySource } from './keys.ts'
import { SHOW_CURSOR } from './painter.ts'

/** What a question wants to know while it holds the terminal. */
export interface Holder extends KeyListeners {
  readonly stdin: KeySource
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>
  /** Someone asks the process by a signal to stop. */
  readonly onInterrupt: () => void
  /** Takes the question off the screen. */
  readonly clear: () => void
  /** The person is back from the shell. */
  readonly onResume: () => void
}

export interface Hold {
  /** Gives the terminal back as it was. */
  readonly release: () => void
  /** Gives it back, stops the process as Ctrl-Z does, and takes it again when the process continues. */
  readonly suspend: () => void
}

/** Takes the terminal for single keys. However the process ends, the terminal is given back. */
export const holdTerminal = (holder: Holder): Hold => {
  let stopListening: (() => void) | null = listenToKeys(holder.stdin, holder)
  const giveBack = (): void => {
    stopListening?.()
    stopListening = null
  }
  const forget = watchEnds(holder, giveBack)
  return {
    release: () => {
      giveBack()
      forget()
    },
    suspend: () => {
      holder.clear()
      giveBack()
      suspend(() => {
        stopListening = listenToKeys(holder.stdin, holder)
        holder.onResume()
      })
    },
  }
}

const watchEnds = (holder: Holder, giveBack: () => void): (() => void) => {
  const showCursor = (): void => void holder.stdout.write(SHOW_CURSOR)
  const dieBy = (signal: NodeJS.Signals): void => {
    holder.clear()
    giveBack()
    forget()
    // Where a run listens too, it has heard the signal and ends in its own way.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal)
  }
  const forget = (): void => {
    process.off('exit', showCursor)
    process.off('SIGINT', holder.onInterrupt)
    for (const signal of ENDING) process.off(signal, dieBy)
  }
  process.on('exit', showCursor)
  process.on('SIGINT', holder.onInterrupt)
  for (const signal of ENDING) process.on(signal, dieBy)
  return forget
}

const ENDING = ['SIGTERM', 'SIGHUP'] as const
