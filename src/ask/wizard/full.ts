import { hasOurKeys, newerOf } from '../../catalog/archives.ts'
import { distributionNamed } from '../../catalog/distributions.ts'
import { findRelease, pickerOrder } from '../../catalog/releases.ts'
import { supportOf } from '../../catalog/support.ts'
import type { Distribution, Release } from '../../catalog/types.ts'
import type { Facts } from '../../engine/facts.ts'
import { Back, type Option } from '../asker.ts'
import { questions } from '../questions/index.ts'
import { checkIncludes, hasPackages, INCLUDE_HINTS } from '../questions/include.ts'
import { reasonOf, withoutFlag } from './texts.ts'
import { today } from '../today.ts'
import { choiceStep, problemFor, promptOf, writeText } from './ask-question.ts'
import { distroStep } from './distro.ts'
import { releaseSoFar } from './so-far.ts'
import type { StepContext, Step } from './step.ts'
import type { WizardState } from './state.ts'

/** What a list of answers shows of a release: `24.04 noble`. */
const shownRelease = ({ version, codename }: Release): string =>
  version === null || version === codename ? codename : `${version} ${codename}`

const OLDER: Option = {
  value: 'older',
  label: 'Older releases …',
  says: 'Their support has ended: there are no more free security updates.',
  always: true,
}

const optionOf = (release: Release, width: number): Option => {
  const { version, codename, name } = release
  const { words } = supportOf(release, today())
  const known = [name === version ? null : name, kindOfRelease(release)].filter(Boolean).join(', ')
  return {
    value: codename,
    label: codename === version ? codename : `${(version ?? '').padEnd(width)}${codename}`,
    says: known === '' ? words : `${known}, ${words}`,
    also: known,
    beside: words,
  }
}

/** What else people call a release. */
const kindOfRelease = ({ distro, codename, longTerm }: Release): string => {
  const { title, words, longTermLabel } = distributionNamed(distro)
  if (longTermLabel !== null) return longTerm ? longTermLabel : ''
  // Leap's `leap` is no other name of a release than openSUSE Leap itself.
  const moving = Object.keys(words).find(
    word =>
      !title.toLowerCase().includes(word) &&
      findRelease(word, today(), distro)?.codename === codename,
  )
  return moving ?? ''
}

const releaseStep: Step = {
  name: 'release',
  label: promptOf('release').label,
  matters: state => distributionSoFar(state).releases.length > 1,
  shown: (_, state) => shownRelease(releaseSoFar(state)),
  ask: async context => {
    const { kept } = context.state
    const { main, ended } = pickerOrder(releaseSoFar(context.state).distro, today())
    const width = 1 + Math.max(2, ...main.map(({ version }) => version?.length ?? 0))
    const old = ended.map(one => optionOf(one, width))
    // Whoever types the name of an old release finds it at once; until then it is not a choice.
    const all = [
      ...main.map(one => optionOf(one, width)),
      ...old.map(one => ({ ...one, rare: true as const })),
      ...(old.length === 0 ? [] : [OLDER]),
    ]
    let initial = kept.release
    let older = old.some(({ value }) => value === initial)
    for (;;) {
      try {
        const chosen = await pick(
          { ...context, first: context.first && !older },
          older ? old : all,
          initial,
        )
        if (chosen !== OLDER.value) return chosen
      } catch (error) {
        if (!older || !(error instanceof Back)) throw error
      }
      older = !older
      initial = OLDER.value
    }
  },
}

const pick = (
  { asker, state, first }: StepContext,
  options: readonly Option[],
  initial: string | undefined,
): Promise<string> => {
  const { label: _, ...words } = promptOf('release')
  return asker.choose({
    ...words,
    first,
    options,
    filter: true,
    ...(initial === undefined ? {} : { initial }),
    ...problemFor('release', state),
  })
}

const distributionSoFar = (state: WizardState): Distribution =>
  distributionNamed(releaseSoFar(state).distro)

/** Whether the image is to be one without documents that only we make. */
const isDistroless = (state: WizardState): boolean =>
  (state.flags.variant ?? state.kept.variant) === 'distroless' &&
  distributionSoFar(state).variants.some(({ name }) => name === 'distroless')

const variantStep: Step = {
  name: 'variant',
  label: promptOf('variant').label,
  matters: state => distributionSoFar(state).variants.length > 1,
  shown: (text, state) =>
    distributionSoFar(state).variants.find(({ name }) => name === text)?.label ?? text,
  ask: ({ asker, state, first }) => {
    const { label: _, ...words } = promptOf('variant')
    const kept = state.kept.variant
    return asker.choose({
      ...words,
      first,
      options: distributionSoFar(state).variants.map(({ name, label, says }) => ({
        value: name,
        label,
        says,
      })),
      ...(kept === undefined ? {} : { initial: kept }),
      ...problemFor('variant', state),
    })
  },
}

const hintOf = ({ family }: Distribution): { hint?: string } => {
  const hint = INCLUDE_HINTS[family]
  return hint === undefined ? {} : { hint }
}

const includeStep: Step = {
  name: 'include',
  label: promptOf('include').label,
  matters: state => hasPackages(distributionSoFar(state)),
  shown: text => (text === '' ? 'Nothing' : text.split(/[\s,]+/).join(', ')),
  ask: context =>
    writeText(context, {
      name: 'include',
      question: 'include',
      prompt: { ...promptOf('include'), ...hintOf(distributionSoFar(context.state)) },
      standard: () => '',
      // What is no name of a package of Debian's may be one of Fedora's.
      refuses: text =>
        withoutFlag(
          'include',
          reasonOf(() =>
            checkIncludes(distributionSoFar(context.state), questions.include.parse(text, '')),
          ),
        ),
      typed: context.state.kept.include ?? '',
    }),
}

/** Whether this machine can bootstrap by itself: with debootstrap, as root, for its own architecture. */
export const hasHost = (facts: Facts, wanted: string = facts.arch): boolean =>
  facts.host !== null &&
  facts.host.debootstrap !== null &&
  facts.host.root !== null &&
  String(questions.arch.parse(wanted, '')) === facts.arch

/** Only where an engine is there and we can make the release by ourselves is there something to choose. */
const hasBootstrapChoice = (state: WizardState, facts: Facts | null): boolean => {
  const { answered, flags } = state
  if (isDistroless(state)) return false
  if (answered.includes('bootstrap')) return true
  const canBoth = facts !== null && facts.engine !== null && flags.engine !== 'none'
  return (
    canBoth &&
    flags.builder === undefined &&
    // Only we make these.
    (flags.snapshot ?? flags.locked ?? flags.sources) === undefined &&
    hasOurKeys(distributionSoFar(state)) &&
    supportOf(releaseSoFar(state), today()).state !== 'ended'
  )
}

/** Whether there are updates to take or to leave: only some archives have them apart from the release, and a file of sources names all. */
export const hasUpdates = (state: WizardState): boolean =>
  state.flags.sources === undefined &&
  distributionSoFar(state).family === 'deb' &&
  newerOf(releaseSoFar(state)) !== null

/** What is asked about a full image, in this order; what needs the machine comes last. */
export const fullSteps: readonly Step[] = [
  distroStep,
  releaseStep,
  variantStep,
  choiceStep('slim', state => distributionSoFar(state).slims && !isDistroless(state)),
  includeStep,
]

/** How it is made; asked once the engine is known. */
export const bootstrapStep: Step = {
  ...choiceStep('bootstrap', hasBootstrapChoice),
  needsFacts: true,
}
