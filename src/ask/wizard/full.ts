import { findRelease, pickerOrder, standardRelease } from '../../catalog/releases.ts'
import { supportOf } from '../../catalog/support.ts'
import type { Distro, Release } from '../../catalog/types.ts'
import { Back, type Option } from '../asker.ts'
import { today } from '../today.ts'
import { choiceStep, problemFor, promptOf, writeText } from './ask-question.ts'
import type { Scene, Step } from './step.ts'
import type { WizardState } from './state.ts'
import { wantsFull } from './texts.ts'
import type { Facts } from '../../engine/facts.ts'

/** Which release the answers so far lead to. */
export const releaseSoFar = ({ flags, kept }: WizardState): Release => {
  const distro = (flags.distro ?? kept.distro ?? 'ubuntu') as Distro
  const text = flags.release ?? kept.release
  const named = text === undefined ? null : findRelease(text, today())
  const fits = named !== null && (flags.release !== undefined || named.distro === distro)
  return fits ? named : standardRelease(distro, today())
}

/** What a list of answers shows of a release: `24.04 noble`. */
const shownRelease = ({ version, codename }: Release): string =>
  version === null ? codename : `${version} ${codename}`

const OLDER: Option & { readonly always: true } = {
  value: 'older',
  label: 'Older releases …',
  says: 'Their support has ended: no security updates for everybody.',
  always: true,
}

const optionsOf = (list: readonly Release[]): (Option & { readonly also: string })[] =>
  list.map(release => ({
    value: release.codename,
    label: `${(release.version ?? '').padEnd(6)}${release.codename}`,
    says: `${release.name}, ${supportOf(release, today()).words}`,
    also: release.name,
  }))

const releaseStep: Step = {
  name: 'release',
  label: promptOf('release').label,
  matters: wantsFull,
  shown: (_, state) => shownRelease(releaseSoFar(state)),
  ask: async scene => {
    const { distro } = releaseSoFar(scene.state)
    const { main, ended } = pickerOrder(distro, today())
    for (let older = ended.some(({ codename }) => codename === scene.state.kept.release); ;) {
      const list = older ? optionsOf(ended) : [...optionsOf(main), OLDER]
      const chosen = await pick(scene, list).catch((error: unknown) => {
        if (older && error instanceof Back) return BACK
        throw error
      })
      if (chosen !== OLDER.value && chosen !== BACK) return chosen
      older = chosen === OLDER.value
    }
  },
}

const BACK = 'back'

const pick = ({ asker, state, first }: Scene, options: readonly Option[]): Promise<string> => {
  const { label: _, ...words } = promptOf('release')
  const initial = state.kept.release
  return asker.choose({
    ...words,
    first,
    options,
    filter: true,
    ...(options.some(({ value }) => value === initial) ? { initial: initial! } : {}),
    ...problemFor('release', state),
  })
}

const includeStep: Step = {
  name: 'include',
  label: promptOf('include').label,
  matters: wantsFull,
  shown: text => (text === '' ? 'nothing' : text.replaceAll(',', ', ')),
  ask: scene =>
    writeText(scene, {
      name: 'include',
      question: 'include',
      prompt: promptOf('include'),
      standard: () => scene.state.kept.include ?? '',
    }),
}

/** A release that was named says which distribution is meant. */
const asksDistro: Step['matters'] = state => wantsFull(state) && state.flags.release === undefined

/** Only where this machine can do it itself is there something to choose. */
const hasHost: Step['matters'] = (state, facts: Facts | null) =>
  wantsFull(state) &&
  (state.answered.includes('bootstrap') ||
    (facts?.host?.debootstrap != null && facts.host.root !== null))

/** What is asked about a full image, in this order; what needs the machine comes last. */
export const fullSteps: readonly Step[] = [
  choiceStep('distro', asksDistro),
  releaseStep,
  choiceStep('variant', wantsFull),
  choiceStep('slim', wantsFull),
  includeStep,
]

/** Where it is bootstrapped; asked once the engine is known. */
export const bootstrapStep: Step = { ...choiceStep('bootstrap', hasHost), needsFacts: true }
