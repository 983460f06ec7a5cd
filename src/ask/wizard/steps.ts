import { shortName } from '../questions/tag.ts'
import type { QuestionName } from '../questions/index.ts'
import { choiceStep, promptOf, writeText } from './ask-question.ts'
import { kindStep } from './kind.ts'
import { engineStep } from './engine.ts'
import { bootstrapStep, fullSteps, releaseSoFar } from './full.ts'
import { extrasStep } from './extras.ts'
import { programSteps, shownProgram } from './program.ts'
import type { Step } from './step.ts'
import type { StepName, WizardState } from './state.ts'
import { kindIsNamed, problemOf, programKind, wantsFull } from './texts.ts'
import type { Facts } from '../../engine/facts.ts'

/** The first question in their order that is open and matters, or null. */
export const nextStep = (
  { answered, flags, wrong }: WizardState,
  matters: (step: Step) => boolean,
): Step | null =>
  steps.find(step => {
    if (answered.includes(step.name)) return false
    const isWrong = wrong[step.name] !== undefined
    return isWrong || (!isGiven(step.name, flags) && asks(step) && matters(step))
  }) ?? null

/** Whether a step changes anything for the answers so far. */
export const mattersNow =
  (state: WizardState, facts: Facts | null) =>
  (step: Step): boolean =>
    step.matters(state, facts)

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

/** A question that only a wrong flag brings up. */
const onlyWhenWrong = (name: QuestionName, standard: string): Step => ({
  name,
  label: promptOf(name).label,
  matters: () => true,
  shown: text => text,
  ask: scene =>
    writeText(scene, {
      name,
      question: name,
      prompt: promptOf(name),
      standard: () => scene.state.kept[name] ?? standard,
      refuses: () => null,
    }),
})

const rare: readonly Step[] = [
  onlyWhenWrong('mirror', 'http://mirror.example/ubuntu'),
  onlyWhenWrong('keyring', './keyring.gpg'),
  onlyWhenWrong('builder', 'ubuntu:20.04'),
  onlyWhenWrong('arch', 'amd64'),
  onlyWhenWrong('output', './image.tar'),
]

const asks = (step: Step): boolean => !rare.includes(step)

const tagStep: Step = {
  name: 'tag',
  label: promptOf('tag').label,
  matters: () => true,
  shown: text => text,
  ask: scene =>
    writeText(scene, {
      name: 'tag',
      question: 'tag',
      prompt: promptOf('tag'),
      standard: ({ state, cwd }) => state.kept.tag ?? nameOfProgram(state, cwd),
    }),
}

/** A release's or program's own name is a good name for its image. */
const nameOfProgram = (state: WizardState, cwd: string): string => {
  if (wantsFull(state)) return `my-${releaseSoFar(state).codename}`
  const file = state.flags.program ?? (programKind(state) === 'raw' ? '' : (state.kept.file ?? ''))
  const usesFile = ['source', 'binary'].includes(programKind(state))
  const name = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.c$/, '').toLowerCase()
  return usesFile && name !== '' && problemOf('tag', name, cwd) === null ? name : 'hello'
}

const directoryStep: Step = {
  name: 'directory',
  label: promptOf('directory').label,
  matters: () => true,
  shown: (text, state) => (text === '' ? standardFolder(state) : text),
  ask: async scene => {
    const standard = standardFolder(scene.state)
    const text = await writeText(scene, {
      name: 'directory',
      question: 'directory',
      prompt: promptOf('directory'),
      standard: () => scene.state.kept.directory || standard,
    })
    // The empty text stays true when the image is renamed later.
    return text === standard ? '' : text
  },
}

const standardFolder = (state: WizardState): string =>
  `./${shortName(state.flags.tag ?? state.kept.tag ?? (wantsFull(state) ? nameOfProgram(state, '.') : 'hello'))}`

/** A program is asked about only when it is all that goes in. */
const onlyMinimal = (step: Step): Step => ({
  ...step,
  matters: (state, facts) => !wantsFull(state) && step.matters(state, facts),
})

/** All questions in the order in which they are asked. */
const steps: readonly Step[] = [
  kindStep,
  ...[...programSteps, extrasStep, choiceStep('libc', usesCompiler)].map(onlyMinimal),
  ...fullSteps,
  { ...engineStep, needsFacts: true },
  bootstrapStep,
  {
    ...onlyMinimal(choiceStep('compile-in', hasTwoPlaces, value => value !== 'auto')),
    needsFacts: true,
  },
  ...rare,
  tagStep,
  directoryStep,
]

const isGiven = (name: StepName, flags: WizardState['flags']): boolean => {
  if (name === 'engine') return flags.engine === 'none'
  if (name === 'kind' && kindIsNamed(flags)) return true
  if (name === 'file' || name === 'message') return flags.program !== undefined
  return flags[name] !== undefined
}
