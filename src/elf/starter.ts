import type { ByteSource } from './bytes.ts'
import { CutShort, NotLoadable, readHeader } from './header.ts'
import { isElf, readInterpreter } from './read.ts'
import { readSegments } from './segments.ts'
import { script } from './text.ts'

/** What a program asks for, so that it can be started. */
export interface Starter {
  readonly kind: 'loader' | 'interpreter'
  /** Where it should be. */
  readonly path: string
}

/**
 * Returns what a program of `size` bytes asks for, by the first of them: a dynamic one its loader, a script its
 * interpreter. Null when it asks for nothing, is not a program, or says it further on.
 */
export const starterIn = async (head: Uint8Array, size: number): Promise<Starter | null> => {
  if (!isElf(head)) {
    const path = script(head)?.interpreter.split(' ')[0]
    return path === undefined ? null : { kind: 'interpreter', path }
  }
  try {
    const source = headSource(head, size)
    const path = await readInterpreter(source, await readSegments(source, await readHeader(source)))
    return path === null ? null : { kind: 'loader', path }
  } catch (error) {
    if (error instanceof CutShort || error instanceof NotLoadable) return null
    throw error
  }
}

const headSource = (head: Uint8Array, size: number): ByteSource => ({
  size,
  read: (at, length) => Promise.resolve(head.subarray(at, at + length)),
})
