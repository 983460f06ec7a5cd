import { resolve } from 'node:path'
import { findDistribution } from '../../catalog/distributions.ts'
import {
  findRelease,
  releaseSlug,
  STANDARD_DISTRO,
  standardRelease,
} from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import type { Flags } from '../flags.ts'
import { ONLY, type QuestionName } from '../questions/index.ts'
import { nameOfFolder } from '../questions/tag.ts'
import { withHome } from '../typed-path.ts'
import { today } from '../today.ts'
import type { StepName, WizardState } from './state.ts'
import { problemOf, programParts, type ProgramKind } from './texts.ts'

/** Whether the answers so far ask for a full image. */
export const wantsFull = ({ kept, flags }: WizardState): boolean =>
  (flags.kind ?? kept.kind) === 'full'

/** Whether an answer has a meaning for the kind of image that is wanted. */
export const belongs = (name: StepName, state: WizardState): boolean => {
  const others: readonly string[] = ONLY[wantsFull(state) ? 'minimal' : 'full']
  return !others.includes(name === 'file' || name === 'message' ? 'program' : name)
}

/** Which kind of program the answers so far name. */
export const programKind = ({ kept, flags }: WizardState): ProgramKind =>
  ((flags.program === undefined ? kept.program : programParts(flags.program).program) ??
    'bundled') as ProgramKind

/** Which release the answers so far lead to. */
export const releaseSoFar = ({
  flags,
  kept,
}: {
  readonly flags: WizardState['flags']
  readonly kept: WizardState['kept']
}): Release => {
  const distro = flags.distro?.toLowerCase() ?? kept.distro ?? STANDARD_DISTRO
  const known = findDistribution(distro)?.name ?? STANDARD_DISTRO
  const named = findRelease(
    flags.release ?? kept.release ?? '',
    today(),
    flags.release === undefined ? known : undefined,
  )
  return named ?? standardRelease(known, today())
}

/** What the image is called when nothing else is typed: a folder's, release's or program's own name is a good one. */
export const usualName = (state: WizardState): string => {
  const { directory } = state.flags
  const named = directory === undefined ? null : nameOfFolder(resolve(withHome(directory)))
  if (named !== null) return named
  if (wantsFull(state)) return `my-${releaseSlug(releaseSoFar(state))}`
  const file = state.flags.program ?? (programKind(state) === 'raw' ? '' : (state.kept.file ?? ''))
  const usesFile = ['source', 'binary'].includes(programKind(state))
  const name = (file.split(/[\\/]/).at(-1) ?? '').replace(/\.c$/, '').toLowerCase()
  return usesFile && name !== '' && problemOf('tag', name, '.') === null ? name : 'hello'
}

/** The flags that say the same as the answers; `matters` tells which answers count. */
export const flagsOf = (
  state: WizardState,
  matters: (name: StepName) => boolean,
): Flags['questions'] => {
  const given = Object.entries(state.flags).filter(([name]) => belongs(name as StepName, state))
  const texts: Partial<Record<QuestionName, string>> = Object.fromEntries(given)
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
  if (name === 'tag') return text || usualName(state)
  return text === '' ? undefined : text
}

/** The bundled program is left unnamed, so that a machine without a compiler may take the raw one for it. */
const programText = ({ kept }: WizardState): string | undefined => {
  if (kept.program === 'bundled') return undefined
  if (kept.program === 'raw') return kept.message === '' ? 'raw' : `raw:${kept.message ?? ''}`
  return kept.file
}
