import { usageOf } from '../ask/commands.ts'
import { commandWords } from '../ask/words.ts'
import { EXIT, UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { findTerm, listText, nearTerms, readGlossary, termText } from '../learn/glossary.ts'
import { textWidth } from '../text/wrap.ts'

const USAGE = usageOf('explain')

/** Explains a term of the field, or lists all of them. Returns 0. Throws UsageError for a term it does not have. */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches } = commandWords(argv, 'explain')
  const terms = readGlossary()
  const wanted = positionals.join(' ')
  if (switches.has('list') && wanted === '') {
    await io.out.write(listText(terms, textWidth()))
    return EXIT.done
  }
  if (wanted === '' || switches.has('list')) throw new UsageError(`Usage: ${USAGE}`)
  const found = findTerm(wanted, terms)
  if (found === null) throw unknown(wanted, nearTerms(wanted, terms))
  await io.out.write(termText(found, textWidth()))
  return EXIT.done
}

const unknown = (wanted: string, near: ReturnType<typeof nearTerms>): UsageError =>
  new UsageError(`"${wanted}" is not in the glossary.`, [
    ...near.map(({ term, short }) => `Perhaps ${term}: ${short}`),
    'See all terms: create-base-image explain --list',
  ])
