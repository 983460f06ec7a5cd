/** A tar, or what compresses it, cannot be read on: the message is a clause such as `it ends within hello`. */
export class TarProblem extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'TarProblem'
  }
}

const LONGEST_SHOWN = 120

/** Returns a path for a message: printable, and cut when it is long. */
export const shown = (path: string): string => {
  const printable = path.slice(0, LONGEST_SHOWN + 1).replace(/\p{C}/gu, '?')
  return printable.length > LONGEST_SHOWN ? `${printable.slice(0, LONGEST_SHOWN)}…` : printable
}
