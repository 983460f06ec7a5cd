import { UsageError } from '../errors.ts'
import type { Answers } from './answers.ts'
import type { Flags } from './flags.ts'
import { ONLY, questions, type QuestionName } from './questions/index.ts'

/**
 * The kind of image that texts ask for: by its name, or by an answer that only one kind has; null when they leave it
 * open. `from` says where the text of a question stands. Throws UsageError when they ask for both kinds.
 */
export const kindOf = (
  texts: Flags['questions'],
  from: (name: QuestionName) => string = name => flagWord(name, texts[name]),
): Answers['kind'] | null => {
  const kind = texts.kind === undefined ? null : questions.kind.parse(texts.kind, '')
  const asking = (one: Answers['kind']): QuestionName | undefined =>
    kind === one ? 'kind' : ONLY[one].find(name => texts[name] !== undefined)
  const [minimal, full] = [asking('minimal'), asking('full')]
  if (minimal !== undefined && full !== undefined)
    throw new UsageError(
      `${from(minimal)} asks for a minimal image, and ${from(full)} for a full one.`,
      ['Leave one of the two out.'],
    )
  if (minimal === undefined && full === undefined) return null
  return full === undefined ? 'minimal' : 'full'
}

/** A question's text as the flag that was typed. */
export const flagWord = (name: QuestionName, text: string | undefined): string =>
  name === 'kind'
    ? `--kind ${text}`
    : `--${questions[name].value === '' && text === 'no' ? 'no-' : ''}${name}`
