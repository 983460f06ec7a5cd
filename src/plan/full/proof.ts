import type { Step } from '../types.ts'
import { isDistroless, libcOf, libcSays } from './distroless.ts'
import { proofOf } from './image-notes.ts'
import type { FullInputs } from './inputs.ts'

/** What runs in the image as its proof, and what it must print. */
export type ProvenBy = Pick<Step, 'title' | 'why' | 'mustPrint' | 'mustBegin'> & {
  readonly argv: readonly string[]
}

/**
 * Returns what proves the image: its note on its release, printed by its own `cat`; where there is none, its C library,
 * which runs only when the loader finds it, and readStep for the release.
 */
export const provenBy = (inputs: FullInputs): ProvenBy => {
  const { file, line } = proofOf(inputs)
  if (!isDistroless(inputs))
    return {
      argv: ['cat', file],
      title: `Run it: cat ${file}`,
      why: `The proof of an image is a container made from it. ${file} is the distribution's own note on what it is, so the image must print the release that was asked for.`,
      mustPrint: [line],
    }
  const libc = libcOf(inputs.arch)
  return {
    argv: [libc],
    title: `Run it: ${libc}`,
    why: 'The proof of an image is a container made from it. There is no cat and no shell in this one, but its C library is a program too: it says what it is once the loader of the image has found and started it, as it starts every program that is put on top.',
    mustBegin: libcSays(inputs),
  }
}

/** Returns the steps that read the release of a distroless image in its archive; none for others, which print it. */
export const readSteps = (inputs: FullInputs, archive: string): Step[] => {
  if (!isDistroless(inputs)) return []
  const { file, line } = proofOf(inputs)
  return [
    {
      id: 'release',
      title: `Read ${file} in it`,
      why: `Nothing in the image could print a file. So ${file}, the distribution's own note on what it is, is read back from the archive, whose digests are compared: it must name the release that was asked for.`,
      pipeline: [
        { kind: 'craft', craft: 'read-release', input: { archive, file, line }, shown: [] },
      ],
      to: { kind: 'log' },
      reader: 'lines',
    },
  ]
}
