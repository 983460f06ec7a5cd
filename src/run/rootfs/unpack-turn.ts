let last: Promise<void> = Promise.resolve()

/**
 * Waits until no other image of this process has its packages chosen or unpacked: that takes all processors by itself, and
 * as much memory for each. Returns what lets the next one begin. Rejects with the signal's reason.
 */
export const unpackTurn = async (signal: AbortSignal): Promise<() => void> => {
  const before = last
  let release = (): void => undefined
  const turn = new Promise<void>(resolve => (release = resolve))
  last = before.then(() => turn)
  await untilEither(before, signal)
  if (signal.aborted) release()
  signal.throwIfAborted()
  return release
}

/** Yields the pieces of a tree in its turn. */
export async function* inTurn(
  tree: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const release = await unpackTurn(signal)
  try {
    yield* tree
  } finally {
    release()
  }
}

const untilEither = async (before: Promise<void>, signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return
  let stop = (): void => undefined
  const stopped = new Promise<void>(resolve => (stop = resolve))
  signal.addEventListener('abort', stop)
  await Promise.race([before, stopped])
  signal.removeEventListener('abort', stop)
}
