import { commandNames } from './bash.ts'
import type { Completed, Following } from './words.ts'

/** Returns the script for zsh, which shows what each word means. */
export const zshScript = (all: readonly Completed[]): string => `#compdef create-base-image
# create-base-image in zsh.
# For good: create-base-image completion zsh > a folder of $fpath, as _create-base-image
_create_base_image() {
  local command='' word
  local -a flags commands
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case $word in (${commandNames(all).join('|')}) command=$word; break ;; esac
  done
  case "$command \${words[CURRENT-1]}" in
${all.flatMap(valueCases).join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    case $command in
${all.map(flagCase).join('\n')}
    esac
    _describe -o flag flags
    return
  fi
  case $command in
${all.map(({ command, takes }) => `    ('${command}') ${command === '' ? firstWords(all) : action(takes)} ;;`).join('\n')}
  esac
}
if [[ $funcstack[1] == _create-base-image ]]; then _create_base_image "$@"; else compdef _create_base_image create-base-image; fi
`

const valueCases = ({ command, flags }: Completed): string[] =>
  flags.flatMap(({ names, value }) =>
    value === null
      ? []
      : [
          `    (${names.map(name => `'${command} ${name}'`).join('|')}) ${action(value)}; return ;;`,
        ],
  )

const action = (value: Following): string => {
  if (value === 'file') return '_files'
  if (value === 'folder') return '_files -/'
  return value === 'text' ? ':' : `compadd -- ${value.join(' ')}`
}

const flagCase = ({ command, flags }: Completed): string =>
  `    ('${command}') flags=(${flags.flatMap(({ names, says }) => names.map(name => described(name, says))).join(' ')}) ;;`

const firstWords = (all: readonly Completed[]): string =>
  `commands=(${all
    .filter(({ command }) => command !== '')
    .map(({ command, says }) => described(command, says))
    .join(' ')}); _describe command commands; _files -/`

/** A word with its meaning, as _describe takes them: the first colon stands between the two. */
const described = (word: string, says: string): string =>
  `'${word}:${says.replaceAll("'", String.raw`'\''`)}'`
