import { parseArgs } from 'node:util'
import { UsageError } from '../errors.ts'
import { nearest } from './nearest.ts'

/** The words of a subcommand, checked against what it takes. */
export interface CommandWords {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string>>
  readonly switches: ReadonlySet<string>
}

/**
 * The words of a subcommand. `valued` and `plain` are the flags it takes with and without a value.
 * Throws UsageError for others, and when the number of positionals is not `count`; null takes any number.
 */
export const commandWords = (
  argv: readonly string[],
  usage: string,
  {
    valued = [],
    plain = [],
    count,
  }: { valued?: readonly string[]; plain?: readonly string[]; count: number | null },
): CommandWords => {
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries([
      ...valued.map(name => [name, { type: 'string' as const }]),
      ...plain.map(name => [name, { type: 'boolean' as const }]),
    ]),
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values: Record<string, string> = {}
  const switches = new Set<string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    if (plain.includes(token.name)) switches.add(token.name)
    else if (valued.includes(token.name) && token.value !== undefined)
      values[token.name] = token.value
    else throw refuse(token.rawName, [...valued, ...plain], usage)
  }
  if (count === null || positionals.length === count) return { positionals, values, switches }
  throw new UsageError(`Usage: ${usage}`)
}

const refuse = (rawName: string, known: readonly string[], usage: string): UsageError => {
  const near = nearest(rawName.replace(/^-+/, ''), known)
  const what = known.includes(rawName.replace(/^-+/, ''))
    ? `${rawName} needs a value.`
    : `There is no flag ${rawName} here.`
  return new UsageError(what, [
    near === null ? `Usage: ${usage}` : `Did you mean --${near}?  Usage: ${usage}`,
  ])
}
