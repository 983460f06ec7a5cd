import type { Facts } from '../../engine/facts.ts'
import { Leave, type Option } from '../asker.ts'
import type { Flags } from '../flags.ts'
import { engineStep } from './engine.ts'
import { hasHost } from './full.ts'
import { leaveOption } from './leave.ts'
import { wantsFull } from './so-far.ts'
import type { StepContext, Step } from './step.ts'

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

/** Without an engine a full image can only be bootstrapped on this machine, so that is what its answers mean. */
export const withPlace = (texts: Flags['questions'], facts: Facts): Flags['questions'] =>
  texts.kind === 'full' &&
  (facts.engine === null || texts.engine === 'none') &&
  ['auto', undefined].includes(texts.bootstrap) &&
  hasHost(facts, texts.arch)
    ? { ...texts, bootstrap: 'host' }
    : texts

const askWithout = async (
  { asker, state, first, recheck }: StepContext,
  facts: Facts,
): Promise<string> => {
  const { arch, bootstrap } = state.flags
  for (let now = facts, again = ''; now.engine === null; again = 'Checked again. ') {
    const can = !['container', 'built-in'].includes(bootstrap ?? '') && hasHost(now, arch)
    const [what = '', ...todo] = problemOf(now, can)
    const chosen = await asker.choose({
      message: 'No Docker here, nor Podman. What now?',
      first,
      problem: [again + what, ...todo],
      options: [AGAIN, can ? HERE : SCRIPT, leaveOption(state)],
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
    ...todo.filter(line => !line.includes('--engine none')),
    ...(can || host === null || host.debootstrap !== null
      ? []
      : ['Or without an engine, on Debian or Ubuntu: sudo apt-get install --yes debootstrap']),
  ]
}

const AGAIN: Option = {
  value: 'again',
  label: 'Check again',
  says: 'Once what is said above is done.',
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
  [HERE.value, 'None: made here, as root'],
  [SCRIPT.value, 'None here'],
])
