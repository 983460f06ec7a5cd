import { withoutSecret } from '../questions/mirror.ts'
import { MANY } from '../questions/settings.ts'
import { shortName } from '../questions/tag.ts'
import type { QuestionName } from '../questions/index.ts'
import type { Facts } from '../../engine/facts.ts'
import { shellWords, splitWords } from '../../text/shell-words.ts'
import { choiceStep, promptOf, writeUnlessUsual } from './ask-question.ts'
import { extrasStep } from './extras.ts'
import { bootstrapStep, fullSteps, hasUpdates } from './full.ts'
import { eitherEngineStep } from './full-engine.ts'
import { kindStep } from './kind.ts'
import { programSteps, shownProgram } from './program.ts'
import { belongs, programKind, usualName, wantsFull } from './so-far.ts'
import type { Step } from './step.ts'
import type { StepName, WizardState } from './state.ts'

/** The first question in their order that is open and matters, or null. */
export const nextStep = (state: WizardState, matters: (step: Step) => boolean): Step | null =>
  steps.find(step => {
    const { name } = step
    if (state.answered.includes(name) || !belongs(name, state)) return false
    const isWrong = state.wrong[name] !== undefined
    return isWrong || (!isGiven(name, state.flags) && asks(step, state) && matters(step))
  }) ?? null

/** Whether a step changes anything for the answers so far. */
export const mattersNow =
  (state: WizardState, facts: Facts | null) =>
  (step: Step): boolean =>
    belongs(step.name, state) && step.matters(state, facts)

/** The step of a name. */
export const stepOf = (name: StepName): Step => steps.find(step => step.name === name)!

/** One line of an answer: its label and how it reads. */
export interface ShownAnswer {
  readonly name: StepName
  readonly label: string
  readonly text: string
}

/** The answers that were given at prompts, in the order of the questions. */
export const shownAnswered = (state: WizardState): ShownAnswer[] =>
  steps
    .filter(({ name }) => state.answered.includes(name))
    .map(({ name, label, shown }) => ({
      name,
      label,
      text: shown(state.kept[name] ?? '', state),
    }))

/** Answers in the order of the questions. */
export const inOrder = (answers: readonly ShownAnswer[]): ShownAnswer[] => {
  const place = ({ name }: ShownAnswer): number => steps.findIndex(step => step.name === name)
  return [...answers].sort((a, b) => place(a) - place(b))
}

/** How a flag's text reads in a list of answers. */
export const shownFlag = (name: QuestionName, text: string, state: WizardState): ShownAnswer => {
  if (name === 'program') return { name, label: promptOf(name).label, text: shownProgram(text) }
  const { label, shown } = stepOf(name)
  return { name, label, text: shown(text, state) }
}

const usesCompiler = (state: WizardState): boolean =>
  ['bundled', 'source'].includes(programKind(state))

/** Only where both places are open is there something to choose. */
const hasTwoPlaces = (state: WizardState, facts: Facts | null): boolean => {
  if (usesCompiler(state) && state.answered.includes('compile-in')) return true
  if (!usesCompiler(state) || facts === null || facts.engine === null) return false
  if (facts.platform !== 'linux' || state.flags.engine === 'none') return false
  const { cc, muslGcc } = facts.compiler
  return (libcOf(state) === 'musl' ? muslGcc : cc) !== null
}

const libcOf = ({ kept, flags }: WizardState): string => flags.libc ?? kept.libc ?? 'glibc'

/** A question that only a flag brings up: a wrong one, or one that is to be changed. */
const onlyWhenWrong = (name: QuestionName, usual: (state: WizardState) => string): Step => ({
  name,
  label: promptOf(name).label,
  matters: () => true,
  shown: (text, state) => (text === '' ? usual(state) : withoutSecret(text).replaceAll('\n', ', ')),
  ask: async context => {
    const isList = MANY.includes(name)
    const asText = (typed: string): string =>
      isList ? (splitWords(typed) ?? [typed]).join('\n') : typed
    const kept = withoutSecret(context.state.kept[name] ?? '')
    const typed = await writeUnlessUsual(context, {
      name,
      question: name,
      asText,
      prompt: promptOf(name),
      usual: usual(context.state),
      typed: isList && kept !== '' ? shellWords(kept.split('\n')) : kept,
    })
    return asText(typed)
  },
})

const rare: readonly Step[] = [
  onlyWhenWrong('mirror', () => 'the nearest one known'),
  onlyWhenWrong('keyring', () => "the distribution's keys"),
  onlyWhenWrong('snapshot', () => 'as it is today'),
  onlyWhenWrong('locked', () => 'the packages of the index'),
  onlyWhenWrong('sources', () => "the distribution's"),
  choiceStep('updates', hasUpdates),
  onlyWhenWrong('builder', state => (wantsFull(state) ? "the release's own" : 'ubuntu:20.04')),
  onlyWhenWrong('arch', () => "this machine's own"),
  onlyWhenWrong('output', () => 'in the project folder'),
  onlyWhenWrong('entrypoint', () => 'none'),
  onlyWhenWrong('cmd', () => 'the usual one'),
  onlyWhenWrong('env', () => 'none of its own'),
  onlyWhenWrong('expose', () => 'none'),
  onlyWhenWrong('user', () => 'the usual one'),
  onlyWhenWrong('label', () => 'none of its own'),
]

/** A rare one is asked when its flag is to be changed, too. */
const asks = (step: Step, { kept }: WizardState): boolean =>
  !rare.includes(step) || kept[step.name] !== undefined

/** A text whose usual answer follows from the others. */
const textStep = (name: 'tag' | 'directory', usual: (state: WizardState) => string): Step => ({
  name,
  label: promptOf(name).label,
  matters: () => true,
  shown: (text, state) => text || usual(state),
  ask: context =>
    writeUnlessUsual(context, {
      name,
      question: name,
      prompt: promptOf(name),
      usual: usual(context.state),
    }),
})

const usualFolder = (state: WizardState): string =>
  `./${shortName(state.flags.tag ?? (state.kept.tag || usualName(state)))}`

/** All questions in the order in which they are asked. */
const steps: readonly Step[] = [
  kindStep,
  ...programSteps,
  extrasStep,
  choiceStep('libc', usesCompiler),
  ...fullSteps,
  eitherEngineStep,
  bootstrapStep,
  {
    ...choiceStep('compile-in', hasTwoPlaces, value => value !== 'auto'),
    needsFacts: true,
  },
  ...rare,
  textStep('tag', usualName),
  textStep('directory', usualFolder),
]

const isGiven = (name: StepName, flags: WizardState['flags']): boolean => {
  if (name === 'engine') return flags.engine === 'none'
  if (name === 'file' || name === 'message') return flags.program !== undefined
  return flags[name] !== undefined
}
