import { commands, flagForm, usageOf, type Command, type CommandName } from './commands.ts'
import { questionFlags, type Group } from './question-flags.ts'
import { switches, type Switch } from './switches.ts'

const TITLES: Readonly<Record<Group, string>> = {
  image: 'The image',
  how: 'How it is made',
  running: 'Running',
  output: 'Output',
}

/** The text of `--help` in lines of at most `width` columns, from the same definitions that the flags come from. */
export const helpText = (width: number): string => {
  const groups = (Object.keys(TITLES) as Group[]).map(
    group => `${TITLES[group]}\n${rows(group, width).join('\n')}`,
  )
  return `${introduction(width)}\n\n${groups.join('\n\n')}\n\n${CLOSING}\n`
}

/** The text of `help <command>`: how it is typed, what it does, its flags, an example. */
export const commandHelp = ({ name, says, flags, example }: Command, width: number): string => {
  const table = [...flags, HELP].map(flag => row(flagForm(flag), flag.says, width))
  const usage = wrapped(usageOf(name as CommandName), width, 2).join('\n')
  return `${usage}\n\n${wrapped(`${says}.`, width, 0).join('\n')}\n\nFlags\n${table.join('\n')}\n\nFor example\n  npx create-base-image ${example}\n`
}

const HELP = { name: 'help', says: 'Show this help' }

const EXAMPLES = [
  ['--yes', 'A minimal image that says hello'],
  ['my-image --yes --libc musl', 'The same, about eighty times smaller'],
  ['--yes --program server', 'Your own static binary, FROM scratch'],
  ['--yes --engine none', 'No Docker: an archive for docker load'],
  ['--yes --release noble', 'Ubuntu 24.04, bootstrapped by you'],
  ['--plan', 'Every step and its why; does nothing'],
] as const

const introduction = (
  width: number,
): string => `create-base-image: from nothing to a Docker base image of your own.

${EXAMPLES.map(([words, says]) => row(`npx create-base-image ${words}`, says, width, 50)).join('\n')}

Usage: create-base-image [directory] [flags], or a command:
${commands.map(({ name, takes, says }) => row(callOf(name, takes, width), says, width)).join('\n')}

With npm create, put -- before the flags:
  npm create base-image@latest -- --yes
What follows a -- after the flags is for the program, when it is run as proof:
  npx create-base-image --yes --program wc -- -l /wc`

/** A command with what it takes, or where that is wider than a line, only that it takes something. */
const callOf = (name: string, takes: string, width: number): string => {
  const call = `${name} ${takes}`.trimEnd()
  return call.length + 2 <= width ? call : `${name} […]`
}

const CLOSING = `Exit codes
  0 done
  1 a step failed
  2 wrong usage
  3 the machine lacks something
  130 cancelled, 143 terminated
  129 hung up`

const rows = (group: Group, width: number): string[] => [
  ...questionFlags()
    .filter(question => question.group === group)
    .map(({ name, value, says, standard }) =>
      row(
        name === 'directory' ? value : `--${name} ${value}`.trimEnd(),
        `${says} [${standard}]`,
        width,
      ),
    ),
  ...switches
    .filter(one => one.group === group)
    .map((one: Switch) => row(switchForm(one), one.says, width)),
]

const switchForm = (one: Switch): string =>
  `${one.short === undefined ? '' : `-${one.short}, `}${flagForm(one)}`

/** A form and what it means, next to it where there is room, else below. */
const row = (form: string, says: string, width: number, column = 34): string => {
  const indent = width < column + 30 ? 6 : column
  const text = wrapped(says, width - indent, 0).join(`\n${' '.repeat(indent)}`)
  const fits = form.length + 4 <= indent
  return `  ${fits ? form.padEnd(indent - 2) : `${form}\n${' '.repeat(indent)}`}${text}`
}

/** Text in lines that break between words; those after the first are indented. A word is never broken. */
const wrapped = (text: string, width: number, indent: number): string[] => {
  const lines: string[] = []
  let rest = text
  while (rest.length > width) {
    const begin = lines.length === 0 ? 0 : indent
    const within = rest.lastIndexOf(' ', width)
    const at = within > begin ? within : rest.indexOf(' ', begin)
    if (at === -1) break
    lines.push(rest.slice(0, at))
    rest = ' '.repeat(indent) + rest.slice(at + 1)
  }
  return [...lines, rest]
}
