/** A tar, or what compresses it, cannot be read on: the message is a clause such as `it ends within hello`. */
export class TarProblem extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'TarProblem'
  }
}

/**
 * A tar, or what compresses it, may be right, but is not read on here: it asks for more than is given, or for what
 * this program lacks. The message is a clause such as `its zstd data asks for a window of 512 MB`.
 */
export class UnreadProblem extends TarProblem {
  constructor(why: string) {
    super(why)
    this.name = 'UnreadProblem'
  }
}

const LONGEST_SHOWN = 120

/** Returns a path for a message: printable, and cut when it is long. */
export const shown = (path: string): string => {
  const printable = path.slice(0, LONGEST_SHOWN + 1).replace(/\p{C}/gu, '?')
  return printable.length > LONGEST_SHOWN ? `${printable.slice(0, LONGEST_SHOWN)}…` : printable
}
