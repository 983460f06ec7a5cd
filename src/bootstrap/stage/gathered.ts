const PIECE = 256 * 1024

/** Passes bytes on in pieces of 256 KiB, so that few writes are needed for many small ones. The pieces are new memory. */
export const gathered = async function* (
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let piece = Buffer.allocUnsafeSlow(PIECE)
  let used = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + PIECE - used)
      piece.set(part, used)
      used += part.length
      at += part.length
      if (used < PIECE) continue
      yield piece
      piece = Buffer.allocUnsafeSlow(PIECE)
      used = 0
    }
  }
  if (used > 0) yield piece.subarray(0, used)
}
