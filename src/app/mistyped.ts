import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { commands } from '../ask/commands.ts'
import { UsageError } from '../errors.ts'
import { nearest } from '../text/nearest.ts'

/** A mistyped command would be taken for a folder and make an image. Throws UsageError for an unknown one. */
export const refuseMistyped = (word: string, cwd: string): void => {
  const meant = meantCommand(word)
  if (meant === null || word.startsWith('-') || existsSync(resolve(cwd, word))) return
  throw new UsageError(`There is no command ${word}.`, [
    `Did you mean the command ${meant}?`,
    `For a folder of that name: ./${word}`,
  ])
}

/** Short words have too many neighbours for a guess. */
const meantCommand = (word: string): string | null => {
  const names = commands.map(({ name }) => name)
  const same = names.find(name => name === word.toLowerCase())
  if (same !== undefined || word.length < GUESSED) return same ?? null
  return nearest(
    word,
    names.filter(name => name.length >= GUESSED),
  )
}

const GUESSED = 5
