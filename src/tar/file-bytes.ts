import { BLOCK } from './block.ts'
import { isHeader, parseHeader } from './header.ts'

/** Counts the bytes of the files in a tar that passes by in chunks. */
export interface FileBytes {
  readonly add: (chunk: Uint8Array) => void
  /** The bytes of all files, a hard link's counted once. Docker's classic store adds the length of links' targets. */
  readonly sum: () => number
}

const FILES = new Set(['0', '\0', '7'])

/** Returns a counter for one tar. What is not a tar counts as nothing. */
export const fileBytes = (): FileBytes => {
  const header = Buffer.alloc(BLOCK)
  let [filled, skip, sum] = [0, 0, 0]
  const take = (): void => {
    filled = 0
    if (!isHeader(header)) return
    const { type, size } = parseHeader(header)
    if (FILES.has(type)) sum += size
    skip = Math.ceil(size / BLOCK) * BLOCK
  }
  return {
    add: chunk => {
      for (let at = 0; at < chunk.length;) {
        const over = Math.min(skip, chunk.length - at)
        skip -= over
        at += over
        const part = chunk.subarray(at, at + BLOCK - filled)
        header.set(part, filled)
        filled += part.length
        at += part.length
        if (filled === BLOCK) take()
      }
    },
    sum: () => sum,
  }
}
