import type { Group } from './question.ts'
import { questions } from './questions/index.ts'
import { switches, type Switch } from './switches.ts'

const TITLES: Readonly<Record<Group, string>> = {
  image: 'The image',
  how: 'How it is made',
  running: 'Running',
  output: 'Output',
}

/** The text of `--help`, from the same definitions that the flags come from. */
export const helpText = (): string => {
  const groups = (Object.keys(TITLES) as Group[]).map(
    group => `${TITLES[group]}\n${rows(group).join('\n')}`,
  )
  return `${INTRODUCTION}\n\n${groups.join('\n\n')}\n\n${CLOSING}\n`
}

const INTRODUCTION = `create-base-image: from nothing to a Docker base image of your own.

  npx create-base-image --yes                       a minimal image that says hello
  npx create-base-image my-image --yes --libc musl  the same, some eighty times smaller
  npx create-base-image --yes --program server      your own static binary, FROM scratch
  npx create-base-image --yes --engine none         no Docker: an archive for docker load
  npx create-base-image --yes --release noble       Ubuntu 24.04, bootstrapped by you
  npx create-base-image --plan                      every step and its why; does nothing

Usage
  create-base-image [directory] [flags]
  create-base-image build [NAME…] [--jobs N]        every image of a base-images.json; init writes one
  create-base-image releases [--json]               the distributions and releases to choose from
  create-base-image rootfs <distro>[:<release>]     its root filesystem as a tar: | docker import - NAME
  create-base-image outdated [lock or folder]       packages with newer versions today; exit code 1 if any
  create-base-image recipe new|check <folder>       a distribution of your own, for --recipe
  create-base-image inspect <file> [--strict]       an ELF binary or an image archive, from inside
  create-base-image doctor [--json]                 what this machine can do, and what to mend
  create-base-image tour [--recorded]               small images that fail on purpose, and why
  create-base-image check [exercise] [--hint]       exercises, each judged by the image that you make
  create-base-image recap [folder]                  what the last run there did, step by step, and why
  create-base-image explain <term> | --list         a word of the field in plain English
  create-base-image clean [--dry-run] [--builders]  list what interrupted runs left behind, ask, remove it
                    [--cache]                       and the packages that are kept for the next run

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
