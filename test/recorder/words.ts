import type { Call } from './client.ts'
import { COMMANDS, VALUES } from './options.ts'
import type { Asked } from './recorder.ts'

/** The options of a call, by their names. */
export type Options = Asked['options']

/** Splits an argument list as the real client does, and refuses what that would refuse. */
export const parse = ({ program, argv, env, cwd, seconds }: Call): Asked => {
  const known = COMMANDS[program] ?? {}
  const command = Object.keys(known)
    .sort((a, b) => b.length - a.length)
    .find(name => argv.slice(0, name.split(' ').length).join(' ') === name)
  if (command === undefined) throw new Error(`${program} knows no ${argv[0]}`)
  const { valued = [], plain = [], ends = false } = known[command]!
  const options: Record<string, string[] | true> = {}
  const words: string[] = []
  const rest = argv.slice(command.split(' ').length)
  while (rest.length > 0) {
    const given = rest.shift()!
    const [, word = given, value] = /^(--[a-z-]+)=(.*)$/s.exec(given) ?? []
    if (value !== undefined) rest.unshift(value)
    if (!word.startsWith('-') || word === '-') words.push(word, ...(ends ? rest.splice(0) : []))
    else if (plain.includes(word)) options[word] = true
    else if (!valued.includes(word)) throw new Error(`${program} ${command} knows no ${word}`)
    else options[word] = [...valuesOf(options, word), valueOf(word, rest.shift())]
  }
  return { program, argv, command, options, words, env, cwd, seconds }
}

const valueOf = (option: string, value: string | undefined): string => {
  if (value === undefined || VALUES[option]?.test(value) === false)
    throw new Error(`${option} does not take ${value}`)
  return value
}

/** Returns the values that an option was given. */
export const valuesOf = (options: Options, name: string): readonly string[] => {
  const value = options[name]
  return value === undefined || value === true ? [] : value
}

/** Returns the template of an answer. */
export const formatOf = (options: Options): string => valuesOf(options, '--format')[0] ?? '{{.Id}}'

/** Returns the architecture that is asked for, as a part of an image. */
export const archOf = (options: Options): { arch?: string } => {
  const arch = valuesOf(options, '--arch')[0] ?? valuesOf(options, '--platform')[0]?.split('/')[1]
  return arch === undefined ? {} : { arch }
}

/** Returns the labels that changes give an image. */
export const labelsOf = (options: Options): Record<string, string> =>
  Object.fromEntries(
    valuesOf(options, '--change')
      .filter(text => text.startsWith('LABEL '))
      .map(text => text.slice('LABEL '.length).split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>

/** Returns the start command that a change gives an image, or null. */
export const cmdOf = (options: Options): string[] | null => {
  const text = valuesOf(options, '--change').find(change => change.startsWith('CMD '))
  return text === undefined ? null : (JSON.parse(text.slice(4)) as string[])
}
