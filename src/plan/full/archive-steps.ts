import type { PrivateRoot } from '../../engine/facts.ts'
import { PACK_WHY, provePacked } from '../archive-steps.ts'
import { shownPath } from '../names.ts'
import type { Step } from '../types.ts'
import { indexSteps, makeStep } from './built-in-steps.ts'
import { imageNotes, inputsOf } from './image-notes.ts'
import { provenBy, readSteps } from './proof.ts'
import type { FullInputs } from './inputs.ts'
import { proofTodo } from './advice.ts'
import { fetchRoot } from './root-stage.ts'

/** The steps that make an archive of the root filesystem and prove it, without an engine. */
export const archiveSteps = (inputs: FullInputs): Step[] => {
  const { places, words } = inputs.given
  const { argv, why: _, ...proven } = provenBy(inputs)
  const [program = '', ...rest] = argv
  const command = [program === 'cat' ? '/bin/cat' : program, ...rest]
  return [
    ...(inputs.route === 'built-in'
      ? [...indexSteps(inputs), builtInStep(inputs)]
      : [packStep(inputs)]),
    ...readSteps(inputs, places.output),
    ...provePacked(privateRootFor(inputs), places.output, command, words).map(step =>
      step.id === 'run' ? { ...step, ...proven, todo: proofTodo(inputs) } : step,
    ),
  ]
}

const packStep = (inputs: FullInputs): Step => {
  const { arch, given } = inputs
  const { answers, places } = given
  return {
    id: 'pack',
    title: 'Pack it into an archive',
    why: PACK_WHY,
    pipeline: [
      fetchRoot(inputs),
      {
        kind: 'craft',
        craft: 'pack-layer',
        input: { arch, reference: answers.tag, archive: places.output, ...imageNotes(inputs) },
        shown: [],
      },
    ],
    to: { kind: 'log' },
    reader: 'import',
    makes: 'archive',
    inputs: inputsOf(inputs),
    result: shownPath(places.from, places.output),
  }
}

/** Packages become an archive in one step: nothing of them touches this machine's disk. */
const builtInStep = (inputs: FullInputs): Step => {
  const { from, output } = inputs.given.places
  return {
    ...makeStep(inputs),
    id: 'pack',
    makes: 'archive',
    inputs: inputsOf(inputs),
    result: shownPath(from, output),
  }
}

/** What this machine can run of the image by itself: nothing that is for another processor. */
const privateRootFor = ({ facts, arch, route }: FullInputs): PrivateRoot | null =>
  route === 'built-in' && (facts.arch !== arch || facts.platform !== 'linux')
    ? null
    : facts.privateRoot
