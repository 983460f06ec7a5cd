import type { EngineFacts } from '../../engine/facts.ts'
import { packImage } from '../archive-steps.ts'
import { presence } from '../builder.ts'
import { buildAndRun } from '../engine-steps.ts'
import { LOADED } from '../names.ts'
import type { Step } from '../types.ts'
import type { MinimalInputs } from './inputs.ts'

/**
 * The steps that make an image for several architectures, load the one of the engine's own and prove it. Its archive
 * takes its place only after that.
 */
export const loadAndRun = (inputs: MinimalInputs, engine: EngineFacts): Step[] => {
  const { tag } = inputs.given.answers
  const [, run] = buildAndRun(inputs, engine)
  return [
    packImage(inputs, LOADED),
    {
      id: 'load',
      title: `Load ${tag} into the engine`,
      why: `${engine.client} load takes the archive as it is. Most engines keep the image of their own architecture alone; the others stay in the archive, for a registry.`,
      pipeline: [{ kind: 'command', program: engine.client, args: ['load', '--input', LOADED] }],
      to: { kind: 'log' },
      reader: 'lines',
      postcondition: {
        ...presence({ engine, arch: inputs.arch }, tag, 'image'),
        skippable: false,
        otherwise: `The engine took the archive, but has no image for linux/${inputs.arch} from it.`,
      },
      result: '{files.bytes|size}',
    },
    run!,
    {
      id: 'archive',
      title: 'Put the archive in its place',
      why: 'What was proven is put in its final place, with the images for the other architectures: each was checked to be for its own, but has not run anywhere yet.',
      pipeline: [
        {
          kind: 'craft',
          craft: 'place-archive',
          input: { from: LOADED, archive: inputs.given.places.output },
          shown: [],
        },
      ],
      to: { kind: 'log' },
      reader: 'lines',
    },
  ]
}
