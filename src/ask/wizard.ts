import type { Facts } from '../engine/facts.ts'
import type { Given } from './answers.ts'
import { Back, Leave, type Asker } from './asker.ts'
import { seeing, type TellAhead } from './wizard/foresight.ts'
import type { Flags } from './flags.ts'
import { givenBy } from './given.ts'
import type { QuestionName } from './questions/index.ts'
import { withPlace } from './wizard/full-engine.ts'
import { leaveOption, whatIsMade } from './wizard/leave.ts'
import type { OfficialName } from './wizard/advice.ts'
import { NothingToMake, UseOfficial } from './wizard/kind.ts'
import { lastPage, questionPage, reviewPage } from './wizard/page.ts'
import {
  askReview,
  askScript,
  askWhichAnswer,
  reviewed,
  type Review,
  type ReviewAnswer,
  type ScriptKind,
} from './wizard/review.ts'
import {
  answer,
  back,
  openedWith,
  reopen,
  settled,
  type StepName,
  type WizardState,
} from './wizard/state.ts'
import type { Step, StepContext } from './wizard/step.ts'
import {
  inOrder,
  mattersNow,
  nextStep,
  shownAnswered,
  shownFlag,
  stepOf,
  type ShownAnswer,
} from './wizard/steps.ts'
import { belongs, flagsOf } from './wizard/so-far.ts'
import { beginning } from './wizard/texts.ts'

export interface WizardOptions {
  readonly flags: Flags
  readonly cwd: string
  readonly asker: Asker
  /** The probe, begun before the first question. */
  readonly facts: Promise<Facts>
  /** The C files, or the static programs, that are near. */
  readonly nearby?: NonNullable<StepContext['nearby']>
  /** Probes again, when no engine answered. */
  readonly recheck: () => Promise<Facts>
  /** What will run, how long it takes and how much is downloaded. May throw MachineError and UsageError. */
  readonly review: (given: Given, facts: Facts) => Review | Promise<Review>
  /** What answers lead to, to be shown next to each question once it is ready. */
  readonly ahead?: { readonly of: TellAhead; readonly ready: Promise<unknown> }
  /** Where the cursor begins at questions that nothing else has answered. */
  readonly likely?: Flags['questions']
  /** The answers of an earlier wizard: asks at once which of them to change. */
  readonly earlier?: WizardState
}

/** What the person wants done. `state` lets another wizard continue from these answers. */
export type WizardEnd =
  | {
      readonly kind: 'run'
      readonly given: Given
      readonly facts: Facts
      readonly force: boolean
      /** Slowly, with each step explained. */
      readonly teach: boolean
      readonly state: WizardState
    }
  | { readonly kind: 'script'; readonly script: ScriptKind; readonly given: Given }
  | { readonly kind: 'official'; readonly official: OfficialName; readonly facts: Facts }
  | { readonly kind: 'leave'; readonly code: 0 | 129 | 130 }

/**
 * Asks what is not given, shows the review, and returns what the person wants done. Nothing is made.
 * Wrong flags become the first error of their question. Throws UsageError when stdin is not a terminal.
 */
export const runWizard = async (options: WizardOptions): Promise<WizardEnd> => {
  const { asker, earlier = {} } = options
  const made = whatIsMade(earlier)
  try {
    const end = await askQuestions(options)
    if (end.kind === 'leave') asker.page(lastPage([`Cancelled. ${made}`]))
    return end
  } catch (error) {
    if (error instanceof NothingToMake) {
      asker.page(lastPage([...error.lines, made]))
      return { kind: 'leave', code: 0 }
    }
    if (error instanceof UseOfficial) {
      asker.page(lastPage([]))
      return { kind: 'official', official: error.official, facts: await options.facts }
    }
    if (!(error instanceof Leave)) throw error
    asker.page(lastPage([`Cancelled. ${made}`]))
    return { kind: 'leave', code: error.reason === 'hang-up' ? 129 : 130 }
  } finally {
    asker.settle()
  }
}

const askQuestions = async (options: WizardOptions): Promise<WizardEnd> => {
  const machine = machineOf(options)
  let state = options.earlier ?? beginning(options.flags.questions, options.cwd, likelyFor(options))
  let changing = options.earlier !== undefined
  for (;;) {
    const run: WizardRun = { ...options, machine, state }
    const step = await openStep(run)
    try {
      if (step === null) {
        const next = await atReview({ ...run, state: settled(state) }, changing)
        if ('kind' in next) return next
        state = next
      } else state = answer(state, step.name, await askStep(run, step))
    } catch (error) {
      if (!(error instanceof Back)) throw error
      const earlier = back(step === null ? settled(state) : state)
      if (earlier === null) await confirmLeaving(options.asker, state)
      state = earlier ?? state
    }
    changing = false
  }
}

/** A lesson shows commands that a person could type. */
const likelyFor = ({ flags, likely = {} }: WizardOptions): Flags['questions'] =>
  flags.switches.teach === undefined ? likely : { bootstrap: 'debootstrap', ...likely }

interface WizardRun extends WizardOptions {
  readonly machine: Machine
  readonly state: WizardState
}

/** The machine's facts once they are known; looking again replaces them. */
interface Machine {
  now: Facts | null
  readonly known: () => Promise<Facts>
  readonly recheck: () => Promise<Facts>
}

const machineOf = ({ facts, recheck }: WizardOptions): Machine => {
  const machine: Machine = {
    now: null,
    known: async () => (machine.now ??= await facts),
    recheck: async () => (machine.now = await recheck()),
  }
  // A failed probe is reported when its facts are needed, not before.
  machine.known().catch(() => undefined)
  return machine
}

/** The next open question, or null; waits for the machine's facts when it depends on them. */
const openStep = async (run: WizardRun): Promise<Step | null> => {
  const { state, machine, asker } = run
  const step = nextStep(state, step =>
    step.needsFacts === true && machine.now === null ? true : matters(run)(step),
  )
  if (step !== null && step.needsFacts !== true) return step
  if (machine.now !== null) return step
  asker.page(questionPage(answersOf(run), 'Looking at what this machine has …'))
  await machine.known()
  return openStep(run)
}

const matters = ({ state, machine }: WizardRun): ((step: Step) => boolean) =>
  mattersNow(state, machine.now)

const answersOf = (run: WizardRun): ShownAnswer[] =>
  shownAnswered(run.state).filter(({ name }) => matters(run)(stepOf(name)))

const askStep = (run: WizardRun, step: Step): Promise<string> => {
  const { asker, state, cwd, machine, nearby } = run
  asker.page(questionPage(answersOf(run), null))
  return step.ask({
    asker: seeing(run, step.name),
    state,
    cwd,
    first: state.answered.length === 0,
    facts: machine.now,
    recheck: machine.recheck,
    ...(nearby === undefined ? {} : { nearby }),
  })
}

/** The person's last word, or the state in which an answer is open again. */
const atReview = async (run: WizardRun, changing: boolean): Promise<WizardEnd | WizardState> => {
  const { asker, state, flags, cwd, machine } = run
  const facts = await machine.known()
  const texts = withPlace(
    flagsOf(state, name => matters(run)(stepOf(name))),
    facts,
  )
  const answers = allAnswers(run)
  const outcome = await reviewed(
    () => givenBy({ ...flags, questions: texts }, cwd),
    given => run.review(given, facts),
  )
  asker.page(reviewPage(answers, 'review' in outcome ? outcome.review.lines : []))
  const reviewAnswer = (): Promise<ReviewAnswer> =>
    askReview(seeing(run, null), outcome, state, answers)
  let chosen: ReviewAnswer = changing ? 'change' : await reviewAnswer()
  for (;;) {
    try {
      if (chosen === 'leave') return { kind: 'leave', code: 130 }
      if (chosen === 'change')
        return reopen(state, openedWith(await askWhichAnswer(asker, answers), state))
      if (chosen.startsWith('change '))
        return reopen(state, openedWith(chosen.slice(7) as StepName, state))
      if (chosen === 'script' && outcome.given !== null)
        return { kind: 'script', script: await askScript(asker), given: outcome.given }
      if ((chosen === 'run' || chosen === 'teach') && 'review' in outcome) {
        const force = outcome.review.replaces === true || flags.switches.force !== undefined
        const teach = chosen === 'teach'
        return { kind: 'run', given: outcome.given, facts, force, teach, state }
      }
    } catch (error) {
      if (!(error instanceof Back)) throw error
    }
    chosen = await reviewAnswer()
  }
}

/** Answers from prompts and from flags, in the order of the questions. */
const allAnswers = (run: WizardRun): ShownAnswer[] => {
  const { state } = run
  const asked = answersOf(run)
  const given = Object.entries(state.flags)
    .map(([name, text]) => [name as QuestionName, text] as const)
    .filter(([name]) => belongs(name, state) && !asked.some(answer => answer.name === name))
    .map(([name, text]) => shownFlag(name, text, state))
  return inOrder([...given, ...asked])
}

/** Throws Leave when the person means it. */
const confirmLeaving = async (asker: Asker, state: WizardState): Promise<void> => {
  const chosen = await asker
    .choose({
      message: 'Leave?',
      first: true,
      options: [{ value: 'stay', label: 'Stay' }, leaveOption(state)],
    })
    .catch((error: unknown) => {
      if (error instanceof Back) return 'stay'
      throw error
    })
  if (chosen === 'leave') throw new Leave('word')
}
