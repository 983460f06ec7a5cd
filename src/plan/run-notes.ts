import type { Settings } from '../ask/questions/settings.ts'

/** What an image says about how it is started: what it says by itself, and what the answers set in its place. */
export interface RunNotes {
  readonly entrypoint: readonly string[] | null
  readonly cmd: readonly string[] | null
  /** `NAME=value` each. */
  readonly env: readonly string[]
  /** `80/tcp` each. */
  readonly expose: readonly string[]
  readonly user: string | null
  readonly labels: Readonly<Record<string, string>>
}

/** What an image says by itself. */
type ImageDefaults = Pick<RunNotes, 'env' | 'user' | 'labels' | 'cmd'>

/** Returns the notes of an image. Its own command is not a word for an entrypoint that was set, so it is left out then. */
export const runNotes = (defaults: ImageDefaults, settings: Settings): RunNotes => ({
  entrypoint: settings.entrypoint,
  cmd: settings.cmd ?? (settings.entrypoint === null ? defaults.cmd : null),
  env: [...defaults.env.filter(line => !settings.env.some(isSame(line))), ...settings.env],
  expose: settings.expose,
  user: settings.user ?? defaults.user,
  labels: { ...defaults.labels, ...Object.fromEntries(settings.label.map(split)) },
})

const isSame = (line: string) => (other: string) => split(line)[0] === split(other)[0]

const split = (line: string): [string, string] => {
  const at = line.indexOf('=')
  return [line.slice(0, at), line.slice(at + 1)]
}

/** Returns what a container of these notes starts: `words` replace CMD. */
export const startOf = (
  { entrypoint, cmd }: Pick<RunNotes, 'entrypoint' | 'cmd'>,
  words: readonly string[],
): string[] => [...(entrypoint ?? []), ...(words.length > 0 ? words : (cmd ?? []))]

/** Returns the notes as lines of a Dockerfile. */
export const noteLines = (notes: RunNotes): string[] => [
  ...notes.env.map(line => `ENV ${quotedPair(split(line))}`),
  ...Object.entries(notes.labels).map(pair => `LABEL ${quotedPair(pair)}`),
  ...otherLines(notes),
  ...startLines(notes),
]

const otherLines = ({ expose, user }: RunNotes): string[] => [
  ...expose.map(port => `EXPOSE ${port}`),
  ...(user === null ? [] : [`USER ${user}`]),
]

/** Returns ENTRYPOINT and CMD, in the form that needs no shell. */
export const startLines = ({ entrypoint, cmd }: Pick<RunNotes, 'entrypoint' | 'cmd'>): string[] => [
  ...(entrypoint === null ? [] : [`ENTRYPOINT ${JSON.stringify(entrypoint)}`]),
  ...(cmd === null ? [] : [`CMD ${JSON.stringify(cmd)}`]),
]

/** What is not plain is in quotes, and $ is not a variable. */
const quotedPair = ([name, value]: [string, string]): string =>
  /^[\w@%+=:,./-]+$/.test(value)
    ? `${name}=${value}`
    : `${name}="${value.replaceAll(/[\\"$]/g, String.raw`\$&`)}"`

/** Returns the notes as the changes of an import. Podman takes what follows the first = as it is, quotes and all. */
export const changeLines = (notes: RunNotes, engine: 'docker' | 'podman'): string[] => {
  const pair = engine === 'docker' ? quotedPair : barePair
  return [
    ...startLines(notes),
    ...notes.env.map(line => `ENV ${pair(split(line))}`),
    ...Object.entries(notes.labels).map(one => `LABEL ${pair(one)}`),
    ...otherLines(notes),
  ]
}

const barePair = ([name, value]: [string, string]): string => `${name}=${value}`

/**
 * Returns the options and the command with which a container runs `command`, whatever its image starts.
 */
export const pastEntrypoint = (
  { entrypoint }: Pick<RunNotes, 'entrypoint'>,
  command: readonly string[],
): { readonly options: readonly string[]; readonly command: readonly string[] } => {
  const [program = '', ...words] = command
  return entrypoint === null
    ? { options: [], command }
    : { options: ['--entrypoint', program], command: words }
}

/** Returns the options of `run` that reach the ports which an image notes. */
export const publishOptions = ({ expose }: Pick<RunNotes, 'expose'>): string[] =>
  expose.flatMap(port => {
    const [number = '', protocol] = port.split('/')
    return ['--publish', `${number}:${number}${protocol === 'tcp' ? '' : `/${protocol}`}`]
  })
