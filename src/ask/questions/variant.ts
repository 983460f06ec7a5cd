import type { Distribution, Variant } from '../../catalog/types.ts'
import { lacking } from '../lacks.ts'
import { nearest } from '../../text/nearest.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** Returns a distribution's variant of a name; the first for null. Throws UsageError for a variant that it lacks. */
export const variantOf = (one: Distribution, name: string | null): Variant => {
  const found = name === null ? one.variants[0] : one.variants.find(each => each.name === name)
  if (found !== undefined) return found
  const names = one.variants.map(each => each.name)
  throw lacking({
    flag: '--variant',
    title: one.title,
    what: `variant "${name}"`,
    nearest: nearest(name ?? '', names),
    all: `It has: ${names.join(', ')}.`,
  })
}

/** What a distribution's choice of packages is called is checked once the distribution is known. */
export const variant: Question<string> = {
  ...flagOf('variant'),
  prompt: { label: 'Packages', message: 'How many of its packages go in?' },
  parse: text => text.trim().toLowerCase(),
}
