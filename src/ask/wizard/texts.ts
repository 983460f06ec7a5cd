import { UsageError } from '../../errors.ts'
import type { Flags } from '../flags.ts'
import { ONLY, questions, type QuestionName } from '../questions/index.ts'
import type { StepName, WizardState, Wrong } from './state.ts'

/** The kinds of program that the wizard tells apart. */
export type ProgramKind = 'bundled' | 'source' | 'binary' | 'raw'

/** The state of a wizard that begins: valid flags need no question, the others get one with its reason. */
export const beginning = (flags: Flags['questions'], cwd: string): WizardState => {
  const entries = Object.entries(flags) as [QuestionName, string][]
  const judged = entries.map(([name, text]) => ({
    name,
    text,
    problem: withoutFlag(name, problemOf(name, text, cwd)),
  }))
  const valid = judged.filter(({ problem }) => problem === null)
  const wrong = judged.flatMap(({ name, text, problem }) =>
    problem === null ? [] : [[wrongStep(name, text), { text, problem }] as [StepName, Wrong]],
  )
  return {
    kept: flags.program === undefined ? {} : programParts(flags.program),
    answered: wrong.some(([name]) => name === 'file' || name === 'message') ? ['program'] : [],
    flags: Object.fromEntries(valid.map(({ name, text }) => [name, text])),
    wrong: Object.fromEntries(wrong),
    before: null,
  }
}

/** Why a text is no answer to a question, line by line; null when it is one. */
export const problemOf = (name: QuestionName, text: string, cwd: string): string[] | null => {
  try {
    questions[name].parse(text, cwd)
    return null
  } catch (error) {
    if (error instanceof UsageError) return [error.message, ...error.todo]
    throw error
  }
}

/** The reason in the words of a prompt, where nobody typed a flag. */
export const withoutFlag = (
  name: QuestionName,
  problem: readonly string[] | null,
): string[] | null =>
  problem?.map(line => {
    const plain = line
      .replace(new RegExp(`^--${name} does not know (".*")`), '$1 is not known')
      .replaceAll(new RegExp(`--${name}:? `, 'g'), '')
    return plain.charAt(0).toUpperCase() + plain.slice(1)
  }) ?? null

/** Whether the answers so far ask for a full image: by its name, or by a flag that only it has. */
export const wantsFull = ({ kept, flags }: WizardState): boolean =>
  (flags.kind ?? (kindIsNamed(flags) ? 'full' : kept.kind)) === 'full'

/** Whether a flag that only a full image has makes the first question needless. */
export const kindIsNamed = (flags: Flags['questions']): boolean =>
  ONLY.full.some(name => flags[name] !== undefined)

/** Which kind of program the answers so far name. */
export const programKind = ({ kept, flags }: WizardState): ProgramKind =>
  ((flags.program === undefined ? kept.program : programParts(flags.program).program) ??
    'bundled') as ProgramKind

/** The flags that say the same as the answers; `matters` tells which answers count. */
export const flagsOf = (
  state: WizardState,
  matters: (name: StepName) => boolean,
): Flags['questions'] => {
  const texts: Partial<Record<QuestionName, string>> = { ...state.flags }
  for (const name of state.answered.filter(matters)) {
    const text = textOf(name, state)
    if (name === 'file' || name === 'message') continue
    if (text === undefined) delete texts[name]
    else texts[name] = text
  }
  return texts
}

const textOf = (name: StepName, state: WizardState): string | undefined => {
  const text = state.kept[name]
  if (name === 'program') return programText(state)
  return text === '' ? undefined : text
}

/** The bundled program is left unnamed, so that a machine without a compiler may take the raw one for it. */
const programText = ({ kept }: WizardState): string | undefined => {
  if (kept.program === 'bundled') return undefined
  if (kept.program === 'raw') return kept.message === '' ? 'raw' : `raw:${kept.message ?? ''}`
  return kept.file
}

const programParts = (
  text: string,
): Partial<Record<StepName, string>> & { program: ProgramKind } => {
  if (text === 'bundled') return { program: 'bundled' }
  if (text === 'raw' || text.startsWith('raw:')) return { program: 'raw', message: text.slice(4) }
  return { program: text.endsWith('.c') ? 'source' : 'binary', file: text }
}

const wrongStep = (name: QuestionName, text: string): StepName => {
  if (name !== 'program') return name
  return programParts(text).program === 'raw' ? 'message' : 'file'
}
