import { fileURLToPath } from 'node:url'

/** The folder of the files we ship, absolute; src and dist both stand beside it. */
export const ASSETS = fileURLToPath(new URL('../assets', import.meta.url))
