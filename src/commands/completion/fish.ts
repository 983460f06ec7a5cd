import { commandNames } from './bash.ts'
import type { Completed, CompletedFlag, Following } from './words.ts'

/** Returns the script for fish 3. */
export const fishScript = (all: readonly Completed[]): string => `# create-base-image in fish.
# For good: create-base-image completion fish > ~/.config/fish/completions/create-base-image.fish
complete -c create-base-image -f
${all.flatMap(one => lines(one, all)).join('\n')}
`

const lines = ({ command, says, flags, takes }: Completed, all: readonly Completed[]): string[] => {
  const seen =
    command === ''
      ? `not __fish_seen_subcommand_from ${commandNames(all).join(' ')}`
      : `__fish_seen_subcommand_from ${command}`
  const begin = `complete -c create-base-image -n '${seen}'`
  const top = `complete -c create-base-image -n 'not __fish_seen_subcommand_from ${commandNames(all).join(' ')}'`
  return [
    ...(command === '' ? [] : [`${top} -a ${command} -d ${quoted(says)}`]),
    ...flags.map(flag => `${begin} ${flagWords(flag)} -d ${quoted(flag.says)}`),
    ...(takes === 'text' ? [] : [`${begin} ${argument(takes)}`]),
  ]
}

const flagWords = ({ names, value }: CompletedFlag): string =>
  [
    ...names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
    ...(value === null ? [] : ['-r', argument(value)]),
  ].join(' ')

const argument = (value: Following): string => {
  if (value === 'file') return '-F'
  if (value === 'folder') return "-a '(__fish_complete_directories)'"
  return value === 'text' ? '-f' : `-f -a '${value.join(' ')}'`
}

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
