import { shown } from '../../tar/problem.ts'
import { BootstrapError } from '../errors.ts'
import type { ArchiveCode } from '../errors.ts'

const TODO = [
  'Run it again: the package is then fetched again.',
  'If it happens again, use another --mirror, or --bootstrap debootstrap.',
]

/** Returns the refusal of a package: `what` is its name and version, `why` a clause such as `it ends early`. */
export const refuse = (code: ArchiveCode, what: string, why: string): BootstrapError =>
  new BootstrapError(code, `${what} is refused: ${why}.`, TODO)

/** Returns a path of an archive, held as latin1, for a message. */
export const named = (path: string): string => shown(Buffer.from(path, 'latin1').toString())
