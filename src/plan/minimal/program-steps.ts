import { compileSteps } from './compile-steps.ts'
import type { MinimalInputs } from './inputs.ts'
import type { Step } from '../types.ts'

/** The steps that make the program; none when the person brought it. */
export const makeProgram = (inputs: MinimalInputs): Step[] => {
  if (inputs.programSource === 'ready') return []
  if (inputs.programSource === 'raw') return [writeRaw(inputs)]
  const { answers, pull } = inputs.given
  return compileSteps({ ...inputs, answers, pull, where: inputs.programSource })
}

const writeRaw = ({ given, arch, name }: MinimalInputs): Step => {
  const { program } = given.answers
  const message = program.kind === 'raw' ? program.message : null
  return {
    id: 'raw',
    title: `Write ${name}, a program of two system calls`,
    why: 'A program talks to the kernel by system calls: one writes the text, one ends the program. Nothing else is needed, so the whole executable is a few hundred bytes, written here without a compiler.',
    pipeline: [
      {
        kind: 'craft',
        craft: 'write-raw',
        input: { file: name, arch, message },
        shown: [
          'create-base-image',
          '--yes',
          '--program',
          message === null ? 'raw' : `raw:${message}`,
        ],
      },
    ],
    to: { kind: 'log' },
    reader: 'lines',
    outputs: [name],
    result: '{output.bytes|size}',
  }
}

/** The step that reads the program, however it came to be, and refuses one that needs anything. */
export const inspectProgram = ({ arch, name }: MinimalInputs): Step => ({
  id: 'inspect',
  title: `Inspect ${name}`,
  why: 'In a scratch image there is no loader and no shared library. A program that asks for either fails there with "no such file or directory", so its file is read first: it must ask for nothing.',
  pipeline: [
    {
      kind: 'craft',
      craft: 'inspect-program',
      input: { file: name, arch },
      shown: ['create-base-image', 'inspect', `./${name}`],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
})
