import { parseArgs } from 'node:util'
import { UsageError } from '../errors.ts'
import { findCommand, usageOf, type CommandName } from './commands.ts'
import { nearest } from '../text/nearest.ts'

/** The words of a subcommand, checked against what it takes. */
export interface CommandWords {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string>>
  readonly switches: ReadonlySet<string>
}

/** The words of a command, read as its definition says. Throws UsageError for others, too many and too few. */
export const commandWords = (argv: readonly string[], name: CommandName): CommandWords => {
  const { flags, count } = findCommand(name)!
  const usage = usageOf(name)
  const valued = flags.filter(flag => flag.value !== undefined).map(flag => flag.name)
  const plain = flags.filter(flag => flag.value === undefined).map(flag => flag.name)
  const { tokens, positionals } = parseArgs({
    args: [...argv],
    options: Object.fromEntries<{ type: 'string' | 'boolean' }>([
      ...valued.map(name => [name, { type: 'string' }] as const),
      ...plain.map(name => [name, { type: 'boolean' }] as const),
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
  if (positionals.length >= count[0] && positionals.length <= count[1])
    return { positionals, values, switches }
  throw new UsageError(`Usage: ${usage}`)
}

const refuse = (rawName: string, known: readonly string[], usage: string): UsageError => {
  const name = rawName.replace(/^-+/, '')
  if (known.includes(name)) return new UsageError(`${rawName} needs a value.`, [`Usage: ${usage}`])
  const near = nearest(name, known)
  return new UsageError(`There is no flag ${rawName} here.`, [
    near === null ? `Usage: ${usage}` : `Did you mean --${near}?  Usage: ${usage}`,
  ])
}
