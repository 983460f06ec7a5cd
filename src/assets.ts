import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns the folder of the files we ship, absolute; src and dist both are next to it. */
export const assetsFolder = (): string => fileURLToPath(new URL('../assets', import.meta.url))

/** Returns the text of one of them, by its path below that folder; an absolute path stays as it is. */
export const readAsset = (file: string): string => readAssetIn(assetsFolder(), file)

/** Returns the text of an asset below `folder`; each line `{{> other/file}}` in it becomes that asset's text. */
export const readAssetIn = (folder: string, file: string): string =>
  readFileSync(resolve(folder, file), 'utf8').replace(INCLUDE, (_, other: string) =>
    readFileSync(resolve(folder, other), 'utf8').trimEnd(),
  )

/** A line that brings in another asset, which it names. */
export const INCLUDE = /^\{\{> ([a-z/.-]+)\}\}$/gm
