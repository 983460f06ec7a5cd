import { findRelease, similarReleases } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import type { Flags } from '../flags.ts'
import { questions, type QuestionName } from '../questions/index.ts'
import { releaseOfDistro } from '../questions/release.ts'
import { today } from '../today.ts'
import { kindOf } from '../which-kind.ts'
import type { StepName, WizardState, Wrong } from './state.ts'

/** The kinds of program that the wizard tells apart. */
export type ProgramKind = 'bundled' | 'source' | 'binary' | 'raw'

/** The state of a wizard that begins: valid flags need no question, the others get one with its reason. */
export const beginning = (
  flags: Flags['questions'],
  cwd: string,
  likely: Flags['questions'] = {},
): WizardState => {
  const wrong = wrongFlags(flags, cwd)
  const kind = wrong.kind === undefined ? kindOf(flags) : null
  return {
    kept: {
      ...Object.fromEntries(
        Object.entries(likely).filter(([name]) => POINTED.includes(name as QuestionName)),
      ),
      ...(flags.release === undefined ? {} : likelyRelease(flags.release)),
      ...(flags.program === undefined ? {} : programParts(flags.program)),
    },
    answered: wrong.program === undefined ? [] : ['program'],
    flags: {
      ...Object.fromEntries(Object.entries(flags).filter(([name]) => !(name in wrong))),
      ...(kind === null ? {} : { kind }),
    },
    wrong: Object.fromEntries(
      Object.entries(wrong).map(([name, one]) => [wrongStep(name as QuestionName, one.text), one]),
    ),
    before: null,
  }
}

/** The questions whose list may begin at another answer. */
const POINTED: readonly QuestionName[] = [
  'kind',
  'distro',
  'bootstrap',
  'libc',
  'with',
  'compile-in',
]

/** The flags that can't be taken, with the reason: each by itself, then together with the others. */
const wrongFlags = (
  flags: Flags['questions'],
  cwd: string,
): Partial<Record<QuestionName, Wrong>> => {
  const wrong: Partial<Record<QuestionName, Wrong>> = {}
  for (const [name, text] of Object.entries(flags) as [QuestionName, string][]) {
    const problem = withoutFlag(name, problemOf(name, text, cwd))
    if (problem !== null) wrong[name] = { text, problem }
  }
  const { kind = '', distro, release } = flags
  const isWrong = (wrong.release ?? wrong.distro) !== undefined
  const found = isWrong || release === undefined ? null : releaseOf(release)
  const mixed = wrong.kind === undefined ? reasonOf(() => kindOf(flags)) : null
  const other =
    found !== null && distro !== undefined
      ? reasonOf(() => releaseOfDistro(release ?? '', questions.distro.parse(distro, cwd)))
      : null
  if (mixed !== null) wrong.kind = { text: kind, problem: mixed.slice(0, 1) }
  if (other !== null)
    wrong.release = { text: release ?? '', problem: withoutFlag('release', other.slice(0, 1))! }
  return wrong
}

/** Why a text is not an answer to a question, line by line; null when it is one. */
export const problemOf = (name: QuestionName, text: string, cwd: string): string[] | null =>
  reasonOf(() => questions[name].parse(text, cwd))

/** The reason in the words of a prompt, where nobody typed a flag and the choices are below. */
export const withoutFlag = (
  name: QuestionName,
  problem: readonly string[] | null,
): string[] | null =>
  problem
    ?.filter(line => !line.startsWith('See all'))
    .map(line => {
      const plain = line
        .replace(new RegExp(`^--${name} does not accept (".*")`), '$1 is not known')
        .replaceAll(new RegExp(`--${name}:? `, 'g'), '')
      return plain.charAt(0).toUpperCase() + plain.slice(1)
    }) ?? null

/** A program's flag as the answers that the wizard asks for. */
export const programParts = (
  text: string,
): Partial<Record<StepName, string>> & { program: ProgramKind } => {
  if (text === 'bundled') return { program: 'bundled' }
  if (text === 'raw' || text.startsWith('raw:')) return { program: 'raw', message: text.slice(4) }
  return { program: text.endsWith('.c') ? 'source' : 'binary', file: text }
}

/** Returns the reason that a check throws as a UsageError, a line each; null when it throws none. */
export const reasonOf = (check: () => unknown): string[] | null => {
  try {
    check()
    return null
  } catch (error) {
    if (error instanceof UsageError) return [error.message, ...error.todo]
    throw error
  }
}

const releaseOf = (text: string): Release | null => findRelease(text, today())

/** Where the questions on a release begin: at the one that was named, or at what resembles it. */
const likelyRelease = (text: string): Partial<Record<StepName, string>> => {
  const found = releaseOf(text) ?? releaseOf(similarReleases(text)[0] ?? '')
  return found === null ? {} : { distro: found.distro, release: found.codename }
}

const wrongStep = (name: QuestionName, text: string): StepName => {
  if (name !== 'program') return name
  return programParts(text).program === 'raw' ? 'message' : 'file'
}
