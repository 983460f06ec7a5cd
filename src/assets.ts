import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the folder of the files we ship, absolute; src and dist both stand beside it. */
export const assetsFolder = (): string => fileURLToPath(new URL('../assets', import.meta.url))

/** Returns the text of one of them, by its path below that folder; an absolute path stays as it is. */
export const readAsset = (file: string): string =>
  readFileSync(resolve(assetsFolder(), file), 'utf8')
