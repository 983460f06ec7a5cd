import type { Group } from './question-flags.ts'

/** A flag that is not a question: it changes how the tool behaves, never what is made. */
export interface Switch {
  readonly name: string
  readonly group: Group
  readonly short?: string
  /** How its value is written in `--help`; absent for a plain switch. */
  readonly value?: string
  readonly says: string
}

export const switches = [
  { name: 'yes', short: 'y', group: 'running', says: 'Take every default, ask nothing' },
  {
    name: 'answers',
    group: 'running',
    value: '<file>',
    says: 'Repeat the answers of an answers.json',
  },
  { name: 'plan', group: 'running', says: 'Print every step, its commands and why; do nothing' },
  { name: 'dry-run', group: 'running', says: 'The same as --plan' },
  {
    name: 'script',
    group: 'running',
    value: 'sh|powershell|dockerfile|bake|github|gitlab',
    says: 'Print the steps as a script; do nothing',
  },
  {
    name: 'teach',
    group: 'running',
    says: 'Explain each step before it runs, and show after it what changed',
  },
  { name: 'pull', group: 'running', says: 'Fetch the builder again, even if it is here' },
  {
    name: 'offline',
    group: 'running',
    says: 'Take all packages from the cache, none from the network',
  },
  {
    name: 'push',
    group: 'running',
    value: '<registry/name>',
    says: 'Push the image once it is proven; for several architectures, as one index',
  },
  {
    name: 'sign',
    group: 'running',
    value: '<key>',
    says: "Sign what is pushed, with cosign: a private key, or a key service's address",
  },
  {
    name: 'verify',
    group: 'running',
    says: 'Check a finished full image deeply: release, packages, root, caches',
  },
  {
    name: 'force',
    group: 'running',
    says: 'Make it again, even in a folder of ours with other answers',
  },
  { name: 'json', group: 'output', says: 'Print events, one JSON object a line' },
  {
    name: 'quiet',
    short: 'q',
    group: 'output',
    says: "Print only the image's ID, and failures on stderr",
  },
  {
    name: 'report',
    group: 'output',
    value: '<file.html>',
    says: 'Write the run as one page: steps, commands, reasons, times, sizes',
  },
  { name: 'verbose', group: 'output', says: "Show every line that a step's commands print" },
  { name: 'no-color', group: 'output', says: 'No colours' },
  { name: 'help', short: 'h', group: 'output', says: 'Show this help' },
  { name: 'version', short: 'V', group: 'output', says: 'Show the version' },
] as const satisfies readonly Switch[]

export type SwitchName = (typeof switches)[number]['name']
