import { hasOurKeys } from '../../catalog/archives.ts'
import { distributionNamed } from '../../catalog/distributions.ts'
import { supportOf } from '../../catalog/support.ts'
import type { Release } from '../../catalog/types.ts'
import type { Facts } from '../../engine/facts.ts'
import { Leave, type Option } from '../asker.ts'
import type { Flags } from '../flags.ts'
import { questions } from '../questions/index.ts'
import { today } from '../today.ts'
import { AGAIN, engineStep, NO_ENGINE } from './engine.ts'
import { hasHost } from './full.ts'
import { leaveOption } from './leave.ts'
import { releaseSoFar, wantsFull } from './so-far.ts'
import type { WizardState } from './state.ts'
import type { StepContext, Step } from './step.ts'
import { withEngineOnly } from '../../text/advice.ts'

/** The question of the engine for both kinds of image: a full one needs more than an archive when there is none. */
export const eitherEngineStep: Step = {
  ...engineStep,
  needsFacts: true,
  shown: (text, state) => (wantsFull(state) && SHOWN.get(text)) || engineStep.shown(text, state),
  ask: context =>
    wantsFull(context.state) &&
    context.state.wrong.engine === undefined &&
    context.facts?.engine === null
      ? askWithout(context, context.facts)
      : engineStep.ask(context),
}

/** Without an engine a full image that we can't make here ourselves is bootstrapped here, so that is what its answers mean. */
export const withPlace = (texts: Flags['questions'], facts: Facts): Flags['questions'] =>
  texts.kind === 'full' &&
  (facts.engine === null || texts.engine === 'none') &&
  ['auto', undefined].includes(texts.bootstrap) &&
  !isOursHere(facts, texts, releaseSoFar({ flags: texts, kept: {} })) &&
  hasHost(facts, texts.arch)
    ? { ...texts, bootstrap: 'host' }
    : texts

/** Whether this machine's own kernel can set up the packages of a release that we make ourselves. */
const isOursHere = (
  { kernelRoot, arch: own }: Facts,
  { arch, builder, snapshot, locked, sources, variant }: Flags['questions'],
  release: Release,
): boolean => {
  const isOurs = builder === undefined && hasOurKeys(distributionNamed(release.distro))
  // Nothing of it runs, so any machine will do.
  if (isOurs && variant === 'distroless') return true
  return (
    isOurs &&
    kernelRoot?.problem === null &&
    (arch === undefined || String(questions.arch.parse(arch, '')) === own) &&
    ((snapshot ?? locked ?? sources) !== undefined || supportOf(release, today()).state !== 'ended')
  )
}

const askWithout = async (
  { asker, state, first, recheck }: StepContext,
  facts: Facts,
): Promise<string> => {
  const { arch, bootstrap } = state.flags
  const variant = state.flags.variant ?? state.kept.variant
  for (let now = facts, prefix = ''; now.engine === null; prefix = 'Checked again. ') {
    const ours =
      ['auto', 'built-in', undefined].includes(bootstrap) &&
      isOursHere(now, { ...state.flags, ...(variant && { variant }) }, releaseSoFar(state))
    const can = ours || (!['container', 'built-in'].includes(bootstrap ?? '') && hasHost(now, arch))
    const [what = '', ...todo] = [...problemOf(now, can), ...(can ? [] : plainHint(state))]
    const chosen = await asker.choose({
      message: NO_ENGINE,
      first,
      problem: [prefix + what, ...todo],
      options: [
        AGAIN,
        ours ? (variant === 'distroless' ? PLAIN : OURS) : can ? HERE : SCRIPT,
        leaveOption(state),
      ],
    })
    if (chosen === 'leave') throw new Leave('word')
    if (chosen !== AGAIN.value) return chosen
    now = await recheck()
  }
  return ''
}

const problemOf = ({ engineProblem, host }: Facts, can: boolean): string[] => {
  const { what = 'No engine answered.', todo = [] } = engineProblem ?? {}
  return [
    what,
    // That alone would not do: a full image is bootstrapped in a container.
    ...withEngineOnly(todo),
    ...(can || host === null || host.debootstrap !== null
      ? []
      : ['Or without an engine, on Debian or Ubuntu: sudo apt-get install --yes debootstrap']),
  ]
}

/** What can be made on any machine. */
const plainHint = (state: WizardState): string[] =>
  hasOurKeys(distributionNamed(releaseSoFar(state).distro))
    ? ['Or go back to the packages: without shell and package manager it can be made here.']
    : []

const OURS: Option = {
  value: 'none',
  label: 'Make it here',
  says: "On this machine's own kernel, without network; you get an archive for docker load.",
}
const PLAIN: Option = {
  value: 'none',
  label: 'Make it here',
  says: 'None of its programs run meanwhile; you get an archive for docker load.',
}
const HERE: Option = {
  value: 'none',
  label: 'Make it here, as root',
  says: 'With the debootstrap that is here; you get an archive for docker load.',
}
const SCRIPT: Option = {
  value: 'auto',
  label: 'Go on to the script',
  says: 'It makes the image where there is Docker.',
}

const SHOWN = new Map([
  [HERE.value, 'None: made here'],
  [SCRIPT.value, 'None here'],
])
