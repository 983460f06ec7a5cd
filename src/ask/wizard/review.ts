import type { Given } from '../answers.ts'
import type { Asker, Option, PageLine } from '../asker.ts'
import { MachineError, PlainError } from '../../errors.ts'
import type { ShownAnswer } from './steps.ts'
import { leaveOption } from './leave.ts'
import type { StepName, WizardState } from './state.ts'

/** A line of the review; a low window does without a spare one, the lowest number first. */
export type ReviewLine = string | Pick<PageLine, 'text' | 'spare'>

/** What the answers lead to, for the review. */
export interface Review {
  /** What will run, how long it takes, and how much is downloaded. */
  readonly lines: readonly ReviewLine[]
  /** True when a project folder of ours with other answers is in the way: running replaces it. */
  readonly replaces?: boolean
}

/** A review, or why there is none. */
export type Reviewed =
  | { readonly given: Given; readonly review: Review }
  | { readonly given: Given | null; readonly error: PlainError }

/** What the person wants: `change NAME` is the answer of that name. */
export type ReviewAnswer = 'run' | 'teach' | 'change' | 'script' | 'leave' | `change ${StepName}`

export type ScriptKind = 'sh' | 'powershell' | 'dockerfile'

/** The review of the answers; errors a person can do something about become part of it. */
export const reviewed = async (
  give: () => Given,
  review: (given: Given) => Review | Promise<Review>,
): Promise<Reviewed> => {
  let given: Given | null = null
  try {
    given = give()
    return { given, review: await review(given) }
  } catch (error) {
    if (error instanceof PlainError) return { given, error }
    throw error
  }
}

/** Asks what to do with the reviewed answers. Throws Back and Leave. */
export const askReview = (
  asker: Asker,
  reviewed: Reviewed,
  state: WizardState,
  answers: readonly ShownAnswer[],
): Promise<ReviewAnswer> => {
  const mayRun = 'review' in reviewed
  // A script is for another machine as well, so it is to be had even when this one lacks something.
  const mayScript = mayRun || (reviewed.error instanceof MachineError && reviewed.given !== null)
  const options = [
    ...(mayRun ? [reviewed.review.replaces === true ? REPLACE : RUN, TEACH] : []),
    CHANGE,
    ...(mayScript ? [SCRIPT] : []),
    leaveOption(state),
  ]
  return asker.choose({
    message: mayRun ? 'Ready to run?' : "This can't run as it is. What now?",
    options,
    digits: answers.slice(0, 9).map(({ name }) => `change ${name}` as const),
    first: state.answered.length === 0,
    ...(mayRun ? {} : { problem: [reviewed.error.message, ...reviewed.error.todo] }),
  }) as Promise<ReviewAnswer>
}

/** Asks which answer to change. Throws Back and Leave. */
export const askWhichAnswer = (asker: Asker, answers: readonly ShownAnswer[]): Promise<StepName> =>
  asker.choose({
    message: 'Which answer?',
    options: answers.map(({ name, label, text }) => ({
      value: name,
      label: `${label.padEnd(11)}${text}`,
    })),
  }) as Promise<StepName>

/** Asks for the kind of script. Throws Back and Leave. */
export const askScript = (asker: Asker): Promise<ScriptKind> =>
  asker.choose({
    message: 'Which kind of script?',
    initial: process.platform === 'win32' ? 'powershell' : 'sh',
    options: [
      { value: 'sh', label: 'Shell', says: 'For Linux, Mac, and WSL on Windows.' },
      { value: 'powershell', label: 'PowerShell', says: 'For Windows.' },
      {
        value: 'dockerfile',
        label: 'Dockerfile',
        says: 'One file with every step in it; all it takes is docker build.',
      },
    ],
  }) as Promise<ScriptKind>

const RUN: Option = { value: 'run', label: 'Run it', says: 'Every step is shown as it happens.' }
const REPLACE: Option = {
  value: 'run',
  label: 'Replace the folder, and run it',
  says: 'Its files were made by this tool from other answers; they are written again.',
}
const TEACH: Option = {
  value: 'teach',
  label: 'Slowly, step by step, each one explained',
}
const CHANGE: Option = {
  value: 'change',
  label: 'Change an answer',
  says: 'And come back here.',
}
const SCRIPT: Option = {
  value: 'script',
  label: 'Print the script only',
  says: 'The same steps as text, to read or to run yourself.',
}
