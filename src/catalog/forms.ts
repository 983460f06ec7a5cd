import * as v from 'valibot'
import { ARCHES } from './arches.ts'
import { printable } from '../text/printable.ts'

/** The 31st of February is none, and is read as a day of March. */
const isDay = (text: string): boolean => {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

// What is said of a distribution is shown as it is, and a line of it is looked for in a file.
export const text = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.check(one => printable(one) === one, 'must be one line without control characters'),
)
export const day = v.pipe(v.string(), v.check(isDay, 'must be a day, YYYY-MM-DD'))
// An engine takes what begins with a hyphen for an option, and so do the tools that install packages.
export const image = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][\w.:/@{}-]*$/,
    'must be the name of an image, such as debian:{codename}-slim',
  ),
)
export const packageName = v.pipe(
  v.string(),
  v.regex(/^[^\s,-][^\s,]*$/, 'must be the name of one package'),
  v.check(one => !/[{}]/.test(one), 'must be a name as it is: nothing is filled in here'),
  v.check(one => printable(one) === one, 'must have no control characters'),
)
export const url = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/[^\s@]+$/, 'must be a http or https address without a login'),
)
export const name = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]*$/, 'must have small letters, digits and hyphens only'),
)
export const path = v.pipe(v.string(), v.regex(/^\/[^\s]*$/, 'must be an absolute path'))
export const version = v.pipe(
  v.string(),
  v.regex(/^\d+(\.\d+)?$/, 'must be a version, such as 9 or 24.04'),
)

export const paths = v.pipe(
  v.array(
    v.pipe(v.string(), v.regex(/^[^\s/:][^\s:]*$/, 'must be a path below the address of a mirror')),
  ),
  v.nonEmpty('must name a path'),
)
/** Bytes, seconds, or packages. */
export const amount = v.pipe(v.number(), v.minValue(0, 'must be 0 or more'))
export const architectures = v.pipe(
  v.array(v.picklist(ARCHES, 'must be a name of Go’s, such as amd64 (x86_64) or arm64 (aarch64)')),
  v.nonEmpty('must have one'),
)
