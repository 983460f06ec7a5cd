import { compileSteps } from './compile-steps.ts'
import type { MinimalInputs } from './inputs.ts'
import type { Arch } from '../../engine/facts.ts'
import { PLATFORMS, programFor } from '../names.ts'
import type { Step } from '../types.ts'

/** The steps that make the program; none when the person brought it. */
export const makeProgram = (inputs: MinimalInputs): Step[] => {
  if (inputs.programSource === 'ready') return []
  if (inputs.programSource === 'raw') return [writeRaw(inputs)]
  const { answers, pull } = inputs.given
  const arch = compileArch(inputs)
  return compileSteps({ ...inputs, answers, pull, arch, where: inputs.programSource })
}

/** Several are compiled on one machine, so their builder is of the engine's own kind. */
export const compileArch = ({ archs, arch, engine, facts }: MinimalInputs): Arch =>
  archs.length > 0 ? (engine ?? facts).arch : arch

const writeRaw = ({ given, arch, archs, name }: MinimalInputs): Step => {
  const { program } = given.answers
  const message = program.kind === 'raw' ? program.message : null
  return {
    id: 'raw',
    title: `Write ${name}, a program of two system calls${forEach(archs)}`,
    why: 'A program talks to the kernel by system calls: one writes the text, one ends the program. Nothing else is needed, so the whole executable is a few hundred bytes, written here without a compiler.',
    pipeline: [
      {
        kind: 'craft',
        craft: 'write-raw',
        input: { file: name, arch, archs, message },
        shown: [
          'create-base-image',
          '--yes',
          '--program',
          message === null ? 'raw' : `raw:${message}`,
          ...(archs.length > 0 ? ['--arch', archs.join(',')] : []),
        ],
      },
    ],
    to: { kind: 'log' },
    reader: 'lines',
    outputs: [archs.length > 0 ? PLATFORMS : name],
    ...(archs.length > 0 ? {} : { result: '{output.bytes|size}' }),
  }
}

const forEach = (archs: readonly Arch[]): string =>
  archs.length > 0 ? ` for ${archs.join(', ')}` : ''

/** The step that reads the program, however it came to be, and refuses one that needs anything. */
export const inspectProgram = ({
  arch,
  archs,
  name,
  given,
  programSource,
}: MinimalInputs): Step => ({
  id: 'inspect',
  title: `Inspect ${name}${forEach(archs)}`,
  why: 'In a scratch image there is no loader and no shared library. A program that asks for either fails there with "no such file or directory", so its file is read first: it must ask for nothing.',
  pipeline: [
    {
      kind: 'craft',
      craft: 'inspect-program',
      input: {
        file: name,
        arch,
        archs,
        ...(programSource === 'container' && { builder: given.answers.builder }),
      },
      shown: [
        'create-base-image',
        'inspect',
        `./${archs.length > 0 ? programFor(arch, name) : name}`,
      ],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
})
