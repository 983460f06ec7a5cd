import { resolve } from 'node:path'
import { distributions } from '../../catalog/distributions.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** A recipe of the user's own: its folder, absolute, and the name of the distribution in it. */
export interface RecipeChoice {
  readonly folder: string
  readonly distro: string
}

/** The folder is read and checked before any question is: here it is looked up among what the catalogue then has. */
export const recipe: Question<RecipeChoice> = {
  ...flagOf('recipe'),
  prompt: { label: 'Recipe', message: 'Which folder has the recipe?' },
  parse: (text, base) => {
    const folder = resolve(base, text)
    const found = distributions().find(one => one.isRecipe && one.folder === folder)
    if (found === undefined)
      throw new UsageError(`--recipe: ${text} has not been read.`, [
        'Give it as a flag: create-base-image --recipe FOLDER',
      ])
    return { folder, distro: found.name }
  },
}
