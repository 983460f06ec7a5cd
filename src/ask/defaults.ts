import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'
import type { Answers } from './answers.ts'
import { UsageError } from '../errors.ts'
import { readBytes, UnfitFile } from '../text/read-text.ts'
import type { Flags } from './flags.ts'
import { ONLY, questions, type QuestionName } from './questions/index.ts'
import { decoded } from './text-file.ts'
import { kindOf } from './which-kind.ts'

/** A person's defaults, and the file that holds them. */
export interface Defaults {
  readonly path: string
  /** Texts as the flags of the same names take them. */
  readonly texts: Flags['questions']
}

/** What may be a default: what makes sense for every image, whichever its name, program or release. */
export const DEFAULTABLE: readonly QuestionName[] = [
  'kind',
  'distro',
  'libc',
  'with',
  'compile-in',
  'arch',
  'engine',
  'env',
  'label',
]

/**
 * Returns where the file with a person's defaults is, by the system's convention: XDG_CONFIG_HOME or ~/.config,
 * ~/Library/Preferences on macOS, %APPDATA% on Windows. A relative XDG_CONFIG_HOME is ignored, as its specification asks.
 */
export const defaultsPath = (
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string => {
  const home = env['HOME'] || homedir()
  if (platform === 'win32') {
    const folder = env['APPDATA'] || win32.join(env['USERPROFILE'] || home, 'AppData', 'Roaming')
    return win32.join(folder, NAME, FILE)
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Preferences', NAME, FILE)
  const given = env['XDG_CONFIG_HOME'] ?? ''
  return posix.join(posix.isAbsolute(given) ? given : posix.join(home, '.config'), NAME, FILE)
}

const NAME = 'create-base-image'
const FILE = 'config.json'

/** Returns a person's defaults; none when there is no such file. Throws UsageError for what can't be one. */
export const readDefaults = (env: NodeJS.ProcessEnv): Defaults => {
  const path = defaultsPath(env)
  const refuse = (why: string): never => {
    throw new UsageError(`The file with your defaults, ${path}, ${why}`, [
      `It may hold: ${DEFAULTABLE.join(', ')}. Each is the text that its flag takes.`,
    ])
  }
  const texts: Record<string, string> = {}
  for (const [name, value] of Object.entries(parsed(path, refuse))) {
    if (name === '$schema') continue
    const known = DEFAULTABLE.find(one => one === name)
    if (known === undefined) return refuse(`has "${name}", which is not a default.`)
    if (typeof value !== 'string') return refuse(`has a "${name}" that is not text.`)
    try {
      questions[known].parse(value, '')
    } catch (error) {
      if (error instanceof UsageError) return refuse(`can't be followed. ${error.message}`)
      throw error
    }
    texts[name] = value
  }
  return { path, texts }
}

const parsed = (path: string, refuse: (why: string) => never): object => {
  try {
    const bytes = readBytes(path, { most: 100_000, links: true })
    const value: unknown = bytes === null ? {} : JSON.parse(decoded(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`is not JSON: ${error.message}`)
    if (error instanceof UnfitFile) return refuse(`${error.why}.`)
    const code = (error as NodeJS.ErrnoException).code ?? 'an error'
    return refuse(`can't be read: ${code}.`)
  }
  return refuse('is JSON, but not an object.')
}

/** Returns the defaults that a command line leaves room for: of its kind of image, and not said by it. */
export const defaultsFor = (flags: Flags, { texts }: Defaults): Flags['questions'] => {
  const said = flags.questions
  const kind = kindOf(said) ?? (texts.kind as Answers['kind'] | undefined) ?? 'minimal'
  const others: readonly string[] = ONLY[kind === 'full' ? 'minimal' : 'full']
  const isFree = (name: string): boolean => {
    if (name in said || others.includes(name)) return false
    if (name === 'kind') return kindOf(said) === null
    // A release and a recipe say which distribution, and two system calls need nothing.
    if (name === 'distro') return (said.release ?? said.recipe) === undefined
    return !RAW.has(name) || !/^raw(?::|$)/.test(said.program ?? '')
  }
  return Object.fromEntries(Object.entries(texts).filter(([name]) => isFree(name)))
}

const RAW = new Set(['libc', 'with', 'compile-in'])

/** Returns which defaults count for both kinds of image: the wizard asks for none of them. */
export const silentDefaults = (flags: Flags, defaults: Defaults): Flags['questions'] =>
  Object.fromEntries(
    Object.entries(defaultsFor(flags, defaults)).filter(([name]) => SILENT.has(name)),
  )

const SILENT = new Set(['arch', 'engine', 'env', 'label'])

/** Returns the note that defaults have decided something; empty when none has. */
export const defaultsLine = (path: string, texts: Flags['questions']): string => {
  const words = Object.entries(texts).map(([name, text]) => `${name} ${text.split('\n').join(' ')}`)
  return words.length === 0 ? '' : `Defaults from ${path}: ${words.join(', ')}`
}
