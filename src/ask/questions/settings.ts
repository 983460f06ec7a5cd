import { UsageError } from '../../errors.ts'
import { shellWords, splitWords } from '../../text/shell-words.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** What an image says about how it is started. Null and empty leave what the image has by itself. */
export interface Settings {
  readonly entrypoint: readonly string[] | null
  readonly cmd: readonly string[] | null
  /** `NAME=value` each, every name once. */
  readonly env: readonly string[]
  /** `80/tcp` each. */
  readonly expose: readonly string[]
  /** `name` or `uid`, perhaps with `:group`. */
  readonly user: string | null
  /** `name=value` each, every name once. */
  readonly label: readonly string[]
}

/** The settings of an image that says nothing of its own. */
export const NO_SETTINGS: Settings = {
  entrypoint: null,
  cmd: null,
  env: [],
  expose: [],
  user: null,
  label: [],
}

/** The questions whose flag may be given again; their texts are lines. */
export const MANY: readonly string[] = ['env', 'expose', 'label']

/** Returns settings as answers.json has them: the texts that the flags take, and none for what was not said. */
export const settingsTexts = ({ entrypoint, cmd, user, ...lists }: Settings) =>
  Object.fromEntries(
    Object.entries({
      entrypoint: entrypoint && wordsText(entrypoint),
      cmd: cmd && wordsText(cmd),
      env: lists.env.join('\n'),
      expose: lists.expose.join('\n'),
      user,
      label: lists.label.join('\n'),
    }).filter((pair): pair is [string, string] => Boolean(pair[1])),
  )

/** Plain words stay plain: JSON's quotes do not get through every shell. */
const wordsText = (words: readonly string[]): string => {
  const plain = shellWords(words)
  return /['\n]/.test(plain) || words.includes('') ? JSON.stringify(words) : plain
}

const START_FORM = 'Write it as a shell would, /server --port 80, or as JSON: ["/server","--port"]'

const startWords = (name: string, text: string): readonly string[] => {
  const words = text.startsWith('[') ? jsonWords(text) : splitWords(text)
  if (words === null || words.length === 0 || words[0] === '')
    throw new UsageError(`--${name} ${JSON.stringify(text)} is not a command.`, [START_FORM])
  if (words.some(word => word.includes('\0')))
    throw new UsageError(`--${name} has a NUL character in it.`)
  return words
}

const jsonWords = (text: string): readonly string[] | null => {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every(word => typeof word === 'string') ? list : null
  } catch {
    return null
  }
}

export const entrypoint: Question<readonly string[]> = {
  ...flagOf('entrypoint'),
  prompt: { label: 'Entrypoint', message: 'What does every container start?' },
  parse: text => startWords('entrypoint', text),
}

export const cmd: Question<readonly string[]> = {
  ...flagOf('cmd'),
  prompt: { label: 'Command', message: 'What does a container start?' },
  parse: text => startWords('cmd', text),
}

export const env: Question<readonly string[]> = {
  ...flagOf('env'),
  many: true,
  prompt: { label: 'Environment', message: 'Which environment variables?' },
  parse: text => pairs('env', text, /^[A-Za-z_][A-Za-z0-9_.-]*$/, 'GREETING=hello'),
}

export const label: Question<readonly string[]> = {
  ...flagOf('label'),
  many: true,
  prompt: { label: 'Labels', message: 'Which labels?' },
  parse: text => pairs('label', text, /^[A-Za-z0-9][A-Za-z0-9._/-]*$/, 'maintainer=me'),
}

/** The last of two with one name counts, as with docker run. */
const pairs = (flag: string, text: string, name: RegExp, example: string): string[] => {
  const found = new Map<string, string>()
  for (const line of text.split('\n')) {
    const at = line.indexOf('=')
    if (at < 1 || !name.test(line.slice(0, at)) || /[\0\r]/.test(line))
      throw new UsageError(`--${flag} ${JSON.stringify(line)} is not a name with a value.`, [
        `Write it as --${flag} ${example}; one line, with an = between the two.`,
      ])
    found.set(line.slice(0, at), line)
  }
  return [...found.values()]
}

export const expose: Question<readonly string[]> = {
  ...flagOf('expose'),
  many: true,
  prompt: { label: 'Ports', message: 'Which ports does it listen on?' },
  parse: text => [...new Set(text.split('\n').map(port))],
}

const port = (text: string): string => {
  const [, number = '', protocol = 'tcp'] = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(text) ?? []
  if (Number(number) >= 1 && Number(number) <= 65_535) return `${Number(number)}/${protocol}`
  throw new UsageError(`--expose ${JSON.stringify(text)} is not a port.`, [
    'Write a number from 1 to 65535, optionally with a protocol: 8080, 53/udp',
  ])
}

export const user: Question<string> = {
  ...flagOf('user'),
  prompt: { label: 'User', message: 'Who does it run as?' },
  parse: text => {
    if (/^[A-Za-z0-9_][\w.-]*(?::[A-Za-z0-9_][\w.-]*)?$/.test(text)) return text
    throw new UsageError(`--user ${JSON.stringify(text)} is not a user.`, [
      'Write a number or a name, optionally with a group: 1000, 1000:1000, nobody',
    ])
  },
}

/**
 * Checks what only an image without a shell refuses. Throws UsageError for a command that is not found without a PATH,
 * and for the name of a user who has none there.
 */
export const checkMinimal = (settings: Settings, knowsNonroot: boolean): void => {
  const [flag, start] =
    settings.entrypoint === null
      ? (['cmd', settings.cmd] as const)
      : (['entrypoint', settings.entrypoint] as const)
  const [first = '/'] = start ?? []
  if (!first.startsWith('/'))
    throw new UsageError(
      `--${flag} begins with ${first}, and a scratch image has no PATH to look for it in.`,
      [
        `Begin with where the program is in the image, such as /${first.replace(/^[-.\\/]+/, '') || 'hello'}.`,
        ...(flag === 'cmd' ? ['To pass words to the program, name it: --entrypoint /hello'] : []),
      ],
    )
  const names = (settings.user ?? '').split(':').filter(name => !/^\d*$/.test(name))
  const unknown = names.find(name => !knowsNonroot || !['root', 'nonroot'].includes(name))
  if (unknown === undefined) return
  throw new UsageError(`--user ${unknown}: a scratch image has no user of that name.`, [
    'Give the number: --user 1000:1000',
    ...(knowsNonroot ? [] : ['Or add the users root and nonroot: --with user']),
  ])
}
