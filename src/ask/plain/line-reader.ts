import { Leave } from '../asker.ts'

/** Where lines come from: stdin, as the terminal hands it on. */
export type LineSource = Pick<
  NodeJS.ReadStream,
  'on' | 'off' | 'resume' | 'pause' | 'readableEnded'
> & {
  readonly ref?: () => unknown
}

/**
 * Reads one line at a time and lets go of stdin in between, so that the process can end and others can read.
 * Lines that came together wait for the next call. Throws Leave when there are no more lines, and on Ctrl-C.
 */
export const lineReader = (stdin: LineSource): (() => Promise<string>) => {
  const decoder = new TextDecoder()
  let rest = ''
  const take = (): string | null => {
    const end = rest.indexOf('\n')
    if (end === -1) return null
    const line = rest.slice(0, end).replace(/\r$/, '')
    rest = rest.slice(end + 1)
    return line
  }
  return async () =>
    take() ??
    (await more(stdin, bytes => {
      rest += typeof bytes === 'string' ? bytes : decoder.decode(bytes, { stream: true })
      return take()
    }))
}

const more = (
  stdin: LineSource,
  feed: (bytes: string | Uint8Array) => string | null,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const onData = (bytes: string | Uint8Array): void => {
      const line = feed(bytes)
      if (line !== null) finish(() => resolve(line))
    }
    const onEnd = (): void => finish(() => reject(new Leave('end')))
    const onInterrupt = (): void => finish(() => reject(new Leave('ctrl-c')))
    const finish = (settle: () => void): void => {
      stdin.off('data', onData)
      stdin.off('end', onEnd)
      stdin.off('close', onEnd)
      process.off('SIGINT', onInterrupt)
      stdin.pause()
      settle()
    }
    stdin.on('data', onData)
    stdin.on('end', onEnd)
    stdin.on('close', onEnd)
    process.on('SIGINT', onInterrupt)
    stdin.ref?.()
    if (stdin.readableEnded) onEnd()
    else stdin.resume()
  })
