import type { Completed, Following } from './words.ts'

/** Returns the script for bash 3.2 and later: Mac's own is that old. */
export const bashScript = (all: readonly Completed[]): string => `# create-base-image in bash.
# For good: create-base-image completion bash > ~/.local/share/bash-completion/completions/create-base-image
_create_base_image() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
    ${commandNames(all).join('|')}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case "$command $prev" in
${all.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${all.map(({ command, flags }) => `    '${command}') words='${flags.flatMap(({ names }) => names).join(' ')}' ;;`).join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    return
  fi
  case $command in
${all.map(({ command, takes }) => `    '${command}') ${command === '' ? firstWords(all) : action(takes)} ;;`).join('\n')}
  esac
}
complete -o filenames -F _create_base_image create-base-image
`

/** The names of all commands. */
export const commandNames = (all: readonly Completed[]): string[] =>
  all.map(({ command }) => command).filter(Boolean)

const valueCases = ({ command, flags }: Completed): string[] =>
  flags.flatMap(({ names, value }) =>
    value === null
      ? []
      : [`    ${names.map(name => `'${command} ${name}'`).join('|')}) ${action(value)}; return ;;`],
  )

const action = (value: Following): string => {
  if (value === 'file') return 'COMPREPLY=($(compgen -f -- "$cur"))'
  if (value === 'folder') return 'COMPREPLY=($(compgen -d -- "$cur"))'
  return value === 'text' ? ':' : `COMPREPLY=($(compgen -W '${value.join(' ')}' -- "$cur"))`
}

const firstWords = (all: readonly Completed[]): string =>
  `COMPREPLY=($(compgen -W '${commandNames(all).join(' ')}' -- "$cur") $(compgen -d -- "$cur"))`
