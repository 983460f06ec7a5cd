/** Returns whether what reads a staged tree has ended by itself, and so says why. */
export const isPipeError = (error: unknown): boolean =>
  ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  )
