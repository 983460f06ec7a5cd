import { resolve } from 'node:path'
import type { Flags } from '../ask/flags.ts'
import { readAnswers } from '../ask/saved.ts'
import { useRecipe } from '../catalog/distributions.ts'

/**
 * Reads the recipe that the flags, or the answers they name, ask for, so that its releases are in the catalogue of this
 * run. Does nothing without one. Throws UsageError for a recipe that can't be taken.
 */
export const openRecipe = async ({ questions, switches }: Flags, cwd: string): Promise<void> => {
  const saved =
    typeof switches.answers === 'string' ? readAnswers(resolve(cwd, switches.answers)) : null
  const text = questions.recipe ?? saved?.texts.recipe
  if (text === undefined) return
  const base = questions.recipe === undefined ? (saved?.base ?? cwd) : cwd
  // Only a recipe needs the schema.
  const { readRecipe } = await import('../catalog/recipe.ts')
  useRecipe(readRecipe(text, base))
}
