import { FetchFailure } from './failure.ts'
import { counted } from '../../text/units.ts'

const OTHER = [
  'Try again later: the mirror may be in the middle of an update. Or name another one with --mirror.',
]

/** What is known of a file before it comes. */
export interface Bounds {
  readonly what: string
  readonly host: string
  readonly size: number | undefined
  readonly maxBytes: number
}

/** Throws FetchFailure `size-wrong` or `too-large` when so many bytes can't be the file's. */
export const checkBytes = (bytes: number, { what, host, size, maxBytes }: Bounds): void => {
  if (size !== undefined && bytes > size)
    throw sizeWrong(`more than ${counted(size, 'byte')}`, { what, host, size })
  if (bytes <= maxBytes) return
  throw new FetchFailure(
    'too-large',
    `${what} from ${host} has more than ${counted(maxBytes, 'byte')}.`,
    {
      isPassing: false,
      todo: ['That is not a mirror to trust; name another one with --mirror.'],
    },
  )
}

/** Throws as `checkBytes` when the length that a server announces, or undefined, can't be the file's. */
export const checkAnnounced = (bytes: number | undefined, bounds: Bounds): void => {
  if (bytes === undefined) return
  checkBytes(bytes, bounds)
  const { size } = bounds
  if (size !== undefined && bytes !== size)
    throw sizeWrong(counted(bytes, 'byte'), { ...bounds, size })
}

const sizeWrong = (
  found: string,
  { what, host, size }: { what: string; host: string; size: number },
): FetchFailure =>
  new FetchFailure('size-wrong', `${what} from ${host} has ${found}; the index says ${size}.`, {
    isPassing: false,
    todo: OTHER,
  })

/** Throws FetchFailure `truncated` when a file ended before its size. */
export const checkWhole = (bytes: number, { what, host, size }: Bounds): void => {
  if (size === undefined || bytes === size) return
  throw new FetchFailure(
    'truncated',
    `${what} from ${host} ended after ${bytes} of ${counted(size, 'byte')}.`,
    {
      isPassing: true,
      todo: OTHER,
    },
  )
}

/** Returns the FetchFailure `hash-wrong`; `isPassing` when a second try may bring other bytes. */
export const hashWrong = ({ what, host }: Bounds, isPassing: boolean): FetchFailure =>
  new FetchFailure(
    'hash-wrong',
    `${what} from ${host} is not what the signed index promises: its sha256 differs.`,
    { isPassing, todo: OTHER },
  )
