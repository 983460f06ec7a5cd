import { commands, type CommandFlag } from '../../ask/commands.ts'
import type { Question } from '../../ask/question.ts'
import { questions } from '../../ask/questions/index.ts'
import { switches } from '../../ask/switches.ts'
import { distributions } from '../../catalog/distributions.ts'
import { pickerOrder, releaseWord } from '../../catalog/releases.ts'

/** What can follow a flag or a command: one of these words, a path, or what no shell can know. */
export type Following = readonly string[] | 'file' | 'folder' | 'text'

/** A flag as shells complete it. */
export interface CompletedFlag {
  /** `--yes`, and `-y` where it has a short form. */
  readonly names: readonly string[]
  readonly says: string
  /** Null for a flag without a value. */
  readonly value: Following | null
}

/** What is completed after a command, or after none. */
export interface Completed {
  /** The empty text for what comes before any command. */
  readonly command: string
  readonly says: string
  readonly flags: readonly CompletedFlag[]
  readonly takes: Following
}

/** Everything that is completed, from the definitions that the flags and `--help` come from. `today` orders releases. */
export const completedWords = (today: string): readonly Completed[] => [
  {
    command: '',
    says: '',
    flags: [
      ...Object.values(questions).flatMap(one => questionFlags(one, today)),
      ...switchFlags(),
    ],
    takes: 'folder',
  },
  ...commands.map(({ name, says, takes, flags }) => ({
    command: name,
    says,
    flags: [...(flags as readonly CommandFlag[]).map(commandFlag), HELP],
    takes: wordsAfter(name, takes),
  })),
]

const wordsAfter = (command: string, takes: string): Following => {
  if (command === 'help') return commands.map(one => one.name)
  return command === 'distros' ? distributions().map(one => one.name) : following(takes)
}

const HELP: CompletedFlag = { names: ['--help'], says: 'Show this help', value: null }

const questionFlags = (question: Question<unknown>, today: string): CompletedFlag[] => {
  const { name, says, value } = question
  if (name === 'directory') return []
  if (value !== '') return [{ names: [`--${name}`], says, value: valueOf(question, today) }]
  return [`--${name}`, `--no-${name}`].map(flag => ({ names: [flag], says, value: null }))
}

const valueOf = ({ name, value, choices }: Question<unknown>, today: string): Following => {
  if (name === 'release') return releaseWords(today)
  if (value.includes('<')) return following(value)
  const listed = typeof choices === 'function' ? choices() : choices
  return listed?.map(choice => choice.value) ?? value.split(/[|,]/).filter(word => word !== '…')
}

const releaseWords = (today: string): string[] =>
  distributions().flatMap(({ name }) => pickerOrder(name, today).main.map(releaseWord))

const switchFlags = (): CompletedFlag[] =>
  switches.map(one => ({
    names: [`--${one.name}`, ...('short' in one ? [`-${one.short}`] : [])],
    says: one.says,
    value: 'value' in one ? following(one.value) : null,
  }))

const commandFlag = ({ name, value, says }: CommandFlag): CompletedFlag => ({
  names: [`--${name}`],
  says,
  value: value === undefined ? null : following(value),
})

/** What the form of a value says: `<file>`, `[folder]`, `sh|powershell`. */
const following = (form: string): Following => {
  // A word that needs others behind it: each of them.
  if (/^\[[a-z]+ /.test(form)) return form.split(/[[\s|]+/).filter(word => /^[a-z]+$/.test(word))
  if (/file|program/.test(form)) return 'file'
  if (/folder/.test(form) && !form.includes('|')) return 'folder'
  if (/[<[]/.test(form.split(' ')[0] ?? '')) return 'text'
  return form === '' ? 'text' : form.split(' ')[0]!.split('|')
}
