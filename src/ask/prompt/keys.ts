import { emitKeypressEvents, type Interface } from 'node:readline'

/** A key as Node names it. */
export interface Key {
  readonly name?: string
  readonly ctrl?: boolean
  readonly meta?: boolean
  readonly sequence?: string
}

/** Where keys come from: a terminal's stdin. */
export type KeySource = Pick<
  NodeJS.ReadStream,
  'isTTY' | 'setRawMode' | 'ref' | 'resume' | 'pause' | 'on' | 'off' | 'readableEnded'
>

export interface KeyListeners {
  readonly onKey: (text: string | undefined, key: Key) => void
  /** Nothing more can be typed. */
  readonly onEnd: () => void
}

/**
 * Listens to single keys until the returned function is called, which gives the terminal back as it was.
 * There is no readline Interface in it: enquirer's own one dies on Ctrl-C from Node 24.2 on, and leaves raw mode set.
 */
export const listenToKeys = (stdin: KeySource, { onKey, onEnd }: KeyListeners): (() => void) => {
  const stream = stdin as NodeJS.ReadStream
  emitKeypressEvents(stream, { escapeCodeTimeout: ESCAPE_WAIT } as unknown as Interface)
  stdin.ref() // Ink gives stdin up for good when it ends.
  stdin.setRawMode(true)
  stdin.on('keypress', onKey)
  stdin.on('end', onEnd)
  stdin.on('close', onEnd)
  stdin.on('error', onEnd) // A terminal that went away says so when its mode is set.
  if (stdin.readableEnded) onEnd()
  else stdin.resume()
  return () => {
    stdin.off('keypress', onKey)
    stdin.off('end', onEnd)
    stdin.off('close', onEnd)
    stdin.setRawMode(false)
    stdin.off('error', onEnd)
    stdin.pause()
  }
}

/** How long, in milliseconds, a lone Esc may still become an arrow key; Node's own 500 feels broken. */
const ESCAPE_WAIT = 50
