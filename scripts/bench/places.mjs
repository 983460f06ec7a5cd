// Where the package's own files are.
import { fileURLToPath } from 'node:url'

/** The package's folder, absolute, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Our command line up to its own words. */
export const OURS = [process.execPath, `${ROOT}/bin/create-base-image.js`]
