import { provePacked } from '../archive-steps.ts'
import { shownPath } from '../names.ts'
import type { Step } from '../types.ts'
import { imageNotes, inputsOf, proofOf } from './image-notes.ts'
import type { FullInputs } from './inputs.ts'
import { fetchRoot } from './root-stage.ts'

/** The steps that make an archive of the root filesystem and prove it, without an engine. */
export const archiveSteps = (inputs: FullInputs): Step[] => {
  const { given, arch, facts } = inputs
  const { answers, places } = given
  const { file, line } = proofOf(inputs)
  return [
    {
      id: 'pack',
      title: 'Pack it into an archive',
      why: 'An image is a list of layers, each a tar file, and a small JSON file on what to start. No engine is needed to write that down: docker load, podman load and skopeo read this archive.',
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
    },
    ...provePacked(facts.privateRoot, places.output, ['/bin/cat', file], given.words).map(step =>
      step.id === 'run' ? { ...step, title: `Run it: cat ${file}`, mustPrint: [line] } : step,
    ),
  ]
}
