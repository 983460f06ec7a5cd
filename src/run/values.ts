import type { Word } from '../plan/types.ts'
import { size } from '../text/units.ts'
import { digestOf } from './project/files.ts'

/** What steps learnt: `builder.id`, `files.bytes`, … */
export type Values = Map<string, string>

/** A word with what was learnt in it. Throws when a value is used before the step that learns it. */
export const resolveWord = (values: Values, word: Word): string => {
  if (typeof word === 'string') return word
  if ('learnt' in word) return word.stem + known(values, word.learnt)
  const parts = word.hashOf.map(part =>
    typeof part === 'string' ? part : known(values, part.learnt),
  )
  return word.stem + digestOf(parts.join('\0')).slice(0, 12)
}

/** A result's template with its values; a value that was not learnt leaves its place empty. */
export const fillResult = (values: Values, template: string): string =>
  template.replace(/\{([\w.-]+)(\|size)?\}/g, (_, name: string, asSize?: string) => {
    const value = values.get(name) ?? ''
    return asSize === undefined || value === '' ? value : size(Number(value))
  })

const known = (values: Values, name: string): string => {
  const value = values.get(name)
  if (value === undefined) throw new Error(`Nothing has learnt ${name} yet.`)
  return value
}
