import { completePath } from '../complete-path.ts'
import { questions, type QuestionName } from '../questions/index.ts'
import { shownBad } from '../questions/mirror.ts'
import type { Choice, Prompt, Question } from '../question.ts'
import type { Ahead, Option } from '../asker.ts'
import type { StepContext, Step } from './step.ts'
import type { StepName, WizardState } from './state.ts'
import { problemOf, withoutFlag } from './texts.ts'

/** A step that lets choose among a question's choices, or some of them. */
export const choiceStep = (
  name: QuestionName,
  matters: Step['matters'],
  only: (value: string) => boolean = () => true,
  means?: (value: string, state: WizardState) => string | Ahead | null,
): Step => {
  const { label, ...words } = promptOf(name)
  return {
    name,
    label,
    matters,
    shown: text => labelOf(name, text),
    ask: ({ asker, state, first }) =>
      asker.choose({
        ...words,
        first,
        ...(means === undefined ? {} : { means: (value: string) => means(value, state) }),
        // The distributions are read from their folders, for which no earlier question should wait.
        options: choicesOf(name)
          .filter(({ value }) => only(value))
          .map(optionOf),
        ...(state.kept[name] === undefined ? {} : { initial: state.kept[name] }),
        ...problemFor(name, state),
      }),
  }
}

/** What a step that is answered by typing adds to its question. */
export interface Writing {
  readonly name: StepName
  /** The question whose check its text must pass, and the text as that question takes it. */
  readonly question: QuestionName
  readonly asText?: (typed: string) => string
  /** Why a text is refused before the question's own check. */
  readonly refuses?: (typed: string) => readonly string[] | null
  readonly prompt: Prompt
  /** What an empty answer means. */
  readonly standard: (context: StepContext) => string
  /** True when that needs no check: words for it, perhaps. */
  readonly standardIsFine?: true
  /** A text that already is in the line. */
  readonly typed?: string
}

/** Asks for a text until it passes the question's check. An empty text is the standard one. */
export const writeText = async (context: StepContext, writing: Writing): Promise<string> => {
  const { name, question, asText = typed => typed, refuses, prompt, typed = '' } = writing
  const { asker, state, first, cwd } = context
  const { message, hint } = prompt
  const wrong = state.wrong[name]
  const standard = writing.standard(context)
  return asker.write({
    message,
    ...(hint === undefined ? {} : { hint }),
    first,
    standard,
    ...(PATHS.has(name) ? { complete: (text: string) => completePath(text, cwd) } : {}),
    ...(wrong === undefined
      ? { typed }
      : { problem: wrong.problem, typed: asTyped(name, wrong.text) }),
    check: text =>
      writing.standardIsFine && text === standard
        ? null
        : (refuses?.(text) ?? withoutFlag(question, problemOf(question, asText(text), cwd))),
  })
}

/** The questions that are answered by a path. */
const PATHS: ReadonlySet<StepName> = new Set(['file', 'directory', 'keyring', 'output', 'recipe'])

/** As writeText, but returns the empty text for the usual answer, which stays true when another answer changes that. */
export const writeUnlessUsual = async (
  context: StepContext,
  { usual, ...writing }: Omit<Writing, 'standard'> & { readonly usual: string },
): Promise<string> => {
  const standard = (!writing.typed && context.state.kept[writing.name]) || usual
  const text = await writeText(context, {
    ...writing,
    standard: () => standard,
    ...(standard === usual ? { standardIsFine: true } : {}),
  })
  return text === usual ? '' : text
}

/** A question's words at a terminal; without them, those of `--help`. */
export const promptOf = (name: QuestionName): Prompt =>
  anyQuestion(name).prompt ?? { label: name, message: anyQuestion(name).says }

/** How a choice's value reads. */
export const labelOf = (name: QuestionName, value: string): string =>
  optionOf(choicesOf(name).find(choice => choice.value === value) ?? { value, says: '' }).label

/** A choice as an option of a list. */
export const optionOf = ({ value, label = value, says }: Choice): Option => ({
  value,
  label,
  says,
})

/** The choices of a question; none when it is answered by typing. */
export const choicesOf = (name: QuestionName): readonly Choice[] => {
  const { choices = [] } = anyQuestion(name)
  return typeof choices === 'function' ? choices() : choices
}

/** The reason why the flag was not accepted, as a part of the question. */
export const problemFor = (
  name: StepName,
  { wrong }: StepContext['state'],
): { readonly problem?: readonly string[] } =>
  wrong[name] === undefined ? {} : { problem: wrong[name].problem }

const anyQuestion = (name: QuestionName): Question<unknown> => questions[name]

const asTyped = (name: StepName, text: string): string => {
  if (name === 'mirror') return shownBad(text)
  return text.startsWith('raw:') ? text.slice(4) : text
}
