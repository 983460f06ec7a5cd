import type { EngineFacts } from '../../engine/facts.ts'
import { presence } from '../builder.ts'
import type { RootInputs } from '../craft-inputs.ts'
import { INDEX, LOADED } from '../names.ts'
import type { CraftStage, Step } from '../types.ts'
import { todoFor } from './advice.ts'
import { imageNotes } from './image-notes.ts'
import { UNPROVEN } from './import-steps.ts'
import type { FullInputs } from './inputs.ts'
import { readSteps } from './proof.ts'

/** The steps that make an image of signed packages by ourselves and load it into an engine, under no name yet. */
export const builtInSteps = (inputs: FullInputs, engine: EngineFacts): Step[] => {
  return [
    ...indexSteps(inputs),
    { ...makeStep(inputs), servesOnly: ['name'] as const },
    ...readSteps(inputs, LOADED).map(step => ({ ...step, servesOnly: ['name'] as const })),
    loadStep(inputs, engine),
  ]
}

/** Returns the step in which packages become an archive, whose `id` and place the caller may change. */
export const makeStep = (inputs: FullInputs): Step => {
  const { given, arch, family, engine } = inputs
  const { answers, places } = given
  const builtIn = family.builtIn!
  return {
    id: 'make',
    title: builtIn.title(inputs),
    why: builtIn.why(inputs),
    pipeline: [
      {
        kind: 'craft',
        craft: builtIn.craft,
        input: {
          ...inputOf(inputs),
          arch,
          // The name is not part of the image: one of another name has the same ID.
          reference: engine === null ? answers.tag : null,
          archive: engine === null ? places.output : LOADED,
          ...(engine === null && builtIn.nameless !== true
            ? imageNotes(inputs)
            : namelessNotes(inputs)),
        },
        shown: builtIn.shown?.(inputs) ?? [],
        // A family's craft and its input belong together.
      } as CraftStage,
    ],
    to: { kind: 'log' },
    reader: 'script',
    todo: family.words.todo,
    todoFor: todoFor(inputs),
  }
}

const inputOf = (inputs: FullInputs) => ({
  ...inputs.family.builtIn!.input(inputs),
  ...(inputs.given.offline && { offline: true }),
})

const namelessNotes = (inputs: FullInputs) => {
  const { labels, ...notes } = imageNotes(inputs)
  const { 'org.opencontainers.image.title': _, ...others } = labels
  return { ...notes, labels: others }
}

/** Returns the step that looks at the signed index, where there is one. */
export const indexSteps = (inputs: FullInputs): Step[] => {
  const { index } = inputs.family.builtIn!
  if (index === undefined) return []
  const { craft, title, why } = index
  const stage: CraftStage = {
    kind: 'craft',
    craft,
    input: { ...(inputOf(inputs) as RootInputs['pack-deb']), file: INDEX },
    shown: [],
  }
  const step: Step = {
    id: 'index',
    title: title(inputs),
    why: why(inputs),
    pipeline: [stage],
    to: { kind: 'log' },
    reader: 'script',
    todo: inputs.family.words.todo,
  }
  return [step]
}

const loadStep = ({ arch }: FullInputs, engine: EngineFacts): Step => ({
  id: 'load',
  title: 'Load it into the engine',
  why: `${engine.client} load takes an archive of an image as it is, while an import makes a new image from a tar and dates it. So the engine has exactly what was made, to the last byte. It gets its name once it is proven.`,
  pipeline: [{ kind: 'command', program: engine.client, args: ['load', '--input', LOADED] }],
  to: { kind: 'log' },
  reader: 'lines',
  servesOnly: ['name'],
  postcondition: {
    ...presence({ engine, arch }, UNPROVEN, 'image'),
    skippable: false,
    otherwise: `The engine took the archive, but has no image for linux/${arch} from it.`,
  },
  result: '{files.bytes|size}',
})
