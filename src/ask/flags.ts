import { parseArgs } from 'node:util'
import { UsageError } from '../errors.ts'
import { splitAtDashes } from './dashes.ts'
import { nearest } from '../text/nearest.ts'
import { questions, type QuestionName } from './questions/index.ts'
import { MANY } from './questions/settings.ts'
import { switches, type Switch, type SwitchName } from './switches.ts'

/** The words of a command line: texts of questions and switches, not yet checked. */
export interface Flags {
  readonly questions: Readonly<Partial<Record<QuestionName, string>>>
  readonly switches: Readonly<Partial<Record<SwitchName, string | true>>>
  /** What the proof hands to the program. */
  readonly words: readonly string[]
}

/**
 * The flags in `argv`. `npm create` keeps flags for itself and hands `--yes` on in the environment,
 * so that is honoured too (measured with npm 11). Throws UsageError for a word it does not know.
 */
export const parseFlags = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): Flags => {
  const { own, words } = splitAtDashes(argv)
  const { tokens } = parseArgs({
    args: [...own],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const found: {
    questions: Record<string, string>
    switches: Record<string, string | true>
    words: readonly string[]
  } = { questions: {}, switches: {}, words: checkedWords(words) }
  for (const token of tokens) {
    if (token.kind === 'positional') takePositional(found.questions, token.value)
    if (token.kind === 'option') takeOption(found, token.name, token.rawName, token.value)
  }
  if (found.switches['dry-run'] !== undefined) found.switches['plan'] = true
  for (const [one, other] of OPPOSITES)
    if (found.switches[one] !== undefined && found.switches[other] !== undefined)
      throw new UsageError(`--${one} and --${other} print different things.`, [
        'Leave one of the two out.',
      ])
  if (env['npm_command'] === 'init' && env['npm_config_yes'] === 'true')
    found.switches['yes'] = true
  return found
}

const OPPOSITES = [
  ['plan', 'script'],
  ['plan', 'quiet'],
  ['quiet', 'script'],
  ['quiet', 'json'],
  ['quiet', 'verbose'],
  ['quiet', 'teach'],
] as const

const checkedWords = (words: readonly string[]): readonly string[] => {
  if (!words.some(word => word.includes('\0'))) return words
  throw new UsageError('A word after -- has a NUL character in it.')
}

const asFlags = Object.keys(questions).filter(name => name !== 'directory')
/** Questions that are answered by giving a flag or its `no-` form. */
const yesOrNo = Object.values(questions)
  .filter(({ value }) => value === '')
  .map(({ name }) => name)
const valued: readonly string[] = [
  ...asFlags.filter(name => !yesOrNo.includes(name)),
  ...switches.filter(s => 'value' in s).map(s => s.name),
]
const plain: readonly string[] = [
  ...yesOrNo.flatMap(name => [name, `no-${name}`]),
  ...switches.filter(s => !('value' in s)).map(s => s.name),
]

const shortOf = (name: string): { short?: string } => {
  const found: Switch | undefined = switches.find(one => one.name === name)
  return found?.short === undefined ? {} : { short: found.short }
}

const options = Object.fromEntries<{ type: 'string' | 'boolean'; short?: string }>([
  ...valued.map(name => [name, { type: 'string' }] as const),
  ...plain.map(name => [name, { type: 'boolean', ...shortOf(name) }] as const),
])

const takePositional = (found: Record<string, string>, value: string): void => {
  if (found['directory'] === undefined) {
    found['directory'] = value
    return
  }
  throw new UsageError(
    `Only one directory can be given, and here are two: ${found['directory']} and ${value}.`,
    ['Quote a path that has spaces in it.'],
  )
}

const takeOption = (
  found: { questions: Record<string, string>; switches: Record<string, string | true> },
  name: string,
  rawName: string,
  value: string | undefined,
): void => {
  if (plain.includes(name)) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`)
    const question = name.replace(/^no-/, '')
    if (!yesOrNo.includes(question)) {
      checkOnce(found, name)
      found.switches[name] = true
      return
    }
    const text = name === question ? 'yes' : 'no'
    if ((found.questions[question] ?? text) !== text)
      throw new UsageError(`--${question} and --no-${question} contradict each other.`, [
        'Leave one of the two out.',
      ])
    checkOnce(found, question)
    found.questions[question] = text
    return
  }
  if (!valued.includes(name)) throw unknown(rawName)
  if (!MANY.includes(name)) checkOnce(found, name)
  if (value === undefined || value === '')
    throw new UsageError(`--${name} needs a value.`, [helpLine(name)])
  const before = found.questions[name]
  if (asFlags.includes(name))
    found.questions[name] = before === undefined ? value : `${before}\n${value}`
  else found.switches[name] = value
}

const checkOnce = (found: Omit<Flags, 'words'>, name: string): void => {
  if (!(name in found.questions) && !(name in found.switches)) return
  throw new UsageError(`--${name} is given twice.`, ['Leave one of the two out.'])
}

const helpLine = (name: string): string => {
  const source = [...Object.values(questions), ...switches].find(one => one.name === name)
  const value = source !== undefined && 'value' in source ? source.value : '<value>'
  return `Write it as --${name} ${value}.`
}

const unknown = (rawName: string): UsageError => {
  const near = nearest(rawName.replace(/^-+/, ''), [...valued, ...plain])
  return new UsageError(`There is no flag ${rawName}.`, [
    near === null ? 'See --help for all flags.' : `Did you mean --${near}?`,
  ])
}
