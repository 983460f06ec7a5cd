import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the files we ship, absolute; src and dist both stand beside it. */
export const ASSETS = fileURLToPath(new URL('../assets', import.meta.url))

/** The text of one of them, by its path below that folder. */
export const readAsset = (file: string): string => readFileSync(join(ASSETS, file), 'utf8')
