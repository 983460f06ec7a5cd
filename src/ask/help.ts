import { commands, flagForm, usageOf, type Command, type CommandName } from './commands.ts'
import type { Group } from './question.ts'
import { questions } from './questions/index.ts'
import { switches, type Switch } from './switches.ts'

const TITLES: Readonly<Record<Group, string>> = {
  image: 'The image',
  how: 'How it is made',
  running: 'Running',
  output: 'Output',
}

const commandRow = ({ name, takes, says }: Command): string => {
  const usage = `  create-base-image ${name} ${takes}`.trimEnd()
  return usage.length < 49 ? `${usage.padEnd(50)}${says}` : `${usage}\n${' '.repeat(50)}${says}`
}

/** The text of `help <command>`: how it is typed, what it does, its flags, an example. */
export const commandHelp = ({ name, says, flags, example }: Command): string => {
  const rows = [...flags, HELP].map(flag => row(flagForm(flag), flag.says))
  return `${usageOf(name as CommandName)}

${says}.

Flags
${rows.join('\n')}

For example
  npx create-base-image ${example}
`
}

const HELP = { name: 'help', says: 'Show this help' }

/** The text of `--help`, from the same definitions that the flags come from. */
export const helpText = (): string => {
  const groups = (Object.keys(TITLES) as Group[]).map(
    group => `${TITLES[group]}\n${rows(group).join('\n')}`,
  )
  return `${introduction()}\n\n${groups.join('\n\n')}\n\n${CLOSING}\n`
}

const introduction =
  (): string => `create-base-image: from nothing to a Docker base image of your own.

  npx create-base-image --yes                       a minimal image that says hello
  npx create-base-image my-image --yes --libc musl  the same, some eighty times smaller
  npx create-base-image --yes --program server      your own static binary, FROM scratch
  npx create-base-image --yes --engine none         no Docker: an archive for docker load
  npx create-base-image --yes --release noble       Ubuntu 24.04, bootstrapped by you
  npx create-base-image --plan                      every step and its why; does nothing

Usage
  create-base-image [directory] [flags]
${commands.map(commandRow).join('\n')}

With npm create, put -- before the flags:  npm create base-image@latest -- --yes
What follows a -- after the flags is for the program, when it is run as a proof:
  npx create-base-image --yes --program wc -- -l /wc`

const CLOSING = `Exit codes
  0 done   1 a step failed   2 wrong usage   3 the machine lacks something
  130 cancelled   143 terminated   129 hung up`

const rows = (group: Group): string[] => [
  ...Object.values(questions)
    .filter(question => question.group === group)
    .map(({ name, value, says, standard }) =>
      row(name === 'directory' ? value : `--${name} ${value}`.trimEnd(), says, standard),
    ),
  ...switches
    .filter(one => one.group === group)
    .map((one: Switch) => row(switchForm(one), one.says)),
]

const switchForm = ({ name, short, value }: Switch): string =>
  [
    short === undefined ? '' : `-${short}, `,
    `--${name}`,
    value === undefined ? '' : ` ${value}`,
  ].join('')

const row = (form: string, says: string, standard?: string): string => {
  const head = form.length > 30 ? `  ${form}\n${' '.repeat(34)}` : `  ${form.padEnd(32)}`
  return standard === undefined ? head + says : `${head}${says}\n${' '.repeat(34)}[${standard}]`
}
