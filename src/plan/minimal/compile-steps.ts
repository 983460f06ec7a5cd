import type { MinimalAnswers } from '../../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import {
  getBuilder,
  platformOption,
  prepareBuilder,
  preparedBuilder,
  type Workshop,
} from '../builder.ts'
import { builderPackages, COMPILE_EACH, compileEachWords, compilerCommand } from './compiler.ts'
import { PLATFORMS, sourceName } from '../names.ts'
import type { Step } from '../types.ts'

export interface CompileInputs {
  readonly answers: MinimalAnswers
  readonly facts: Facts
  readonly engine: EngineFacts | null
  readonly arch: Arch
  readonly name: string
  readonly where: 'host' | 'container'
  /** The builder is fetched even if it is here. */
  readonly pull: boolean
}

/** The steps that turn the C file into a static program, here or in a container. */
export const compileSteps = (inputs: CompileInputs): Step[] => {
  if (inputs.where === 'host' || inputs.engine === null) return [compileHere(inputs)]
  return [
    compileBuilder(inputs, inputs.engine),
    putCompilerIn(inputs, inputs.engine),
    compileInContainer(inputs, inputs.engine),
  ]
}

const STATIC_WHY =
  '-static copies what the program needs from the C library into it. Without that it would ask for a loader and for libc.so.6 at its start, and a scratch image has neither.'

/** The file name comes as an argument, so every shell text is a constant. */
const STRIP = 'strip --strip-all --remove-section=.comment "$name"'
const COMPILE_HERE_AND_STRIP = `name=$1 && shift && "$@" && ${STRIP}`

const compileHere = (inputs: CompileInputs): Step => {
  const { answers, facts, name } = inputs
  if (answers.archs.length > 0)
    return {
      ...compileStep(inputs),
      pipeline: [
        {
          kind: 'command',
          program: 'sh',
          args: ['-c', COMPILE_EACH, 'sh', ...compileEachWords(answers)],
        },
      ],
      to: { kind: 'log' },
    }
  const { cc, muslGcc } = facts.compiler
  const [compile = [], strip] = compilerCommand(
    answers,
    (answers.libc === 'musl' ? muslGcc : cc) ?? 'cc',
    inputs.arch,
  )
  const [program = 'cc', ...args] =
    strip === undefined ? compile : ['sh', '-c', COMPILE_HERE_AND_STRIP, 'sh', name, ...compile]
  return {
    ...compileStep(inputs),
    pipeline: [{ kind: 'command', program, args }],
    to: { kind: 'log' },
    outputs: [name],
  }
}

const EACH_WHY =
  'A cross compiler runs on one processor and makes programs for another, so nothing is emulated and no second machine is needed.'

const compileStep = ({ answers, name }: CompileInputs) => ({
  id: 'compile' as const,
  title: `Compile ${sourceName(answers.program)} statically${answers.archs.length > 0 ? ` for ${answers.archs.join(', ')}` : ''}`,
  why: answers.archs.length > 0 ? `${STATIC_WHY} ${EACH_WHY}` : STATIC_WHY,
  reader: 'lines' as const,
  inputs: [sourceName(answers.program)],
  outputs: [answers.archs.length > 0 ? PLATFORMS : name],
  ...(answers.archs.length > 0 ? {} : { result: '{output.bytes|size}' }),
  voice: 'compiler' as const,
  todo: [
    `Fix ${sourceName(answers.program)} in the project folder, then run the same command: it continues from here.`,
  ],
})

/** The step that fetches the image to compile in. */
export const compileBuilder = (inputs: CompileInputs, engine: EngineFacts): Step =>
  getBuilder(workshopOf(inputs, engine), {
    why: "The compile happens inside a container, because a Linux program is needed and this machine may have no Linux compiler. The container's parent image is only a workshop: none of it ends up in your image.",
    servesOnly: zonesNeedIt(inputs) ? ['compile', 'zones'] : ['compile'],
    otherwise: 'so what it compiles would not run there.',
  })

/** The builder that a inputs's container starts from. */
const workshopOf = ({ answers, arch, pull }: CompileInputs, engine: EngineFacts): Workshop => ({
  engine,
  arch,
  builder: answers.builder,
  pull,
})

const zonesNeedIt = ({ answers, facts }: CompileInputs): boolean =>
  answers.with.includes('tzdata') && !facts.zoneinfo

const putCompilerIn = (inputs: CompileInputs, engine: EngineFacts): Step => {
  const packages = builderPackages(inputs.answers, inputs.arch)
  return prepareBuilder(workshopOf(inputs, engine), 'compiler', packages, {
    title: `Put ${inputs.answers.archs.length > 0 ? 'cross compilers' : 'a compiler'} in it: ${packages.join(', ')}`,
    why: 'Only the compiler and the files to link against are installed. The result is kept as an image of its own, so that the next time starts here.',
    otherwise: 'The engine did not keep the builder with the compiler in it.',
    servesOnly: ['compile'],
  })
}

/** The source comes in through stdin and the program leaves through stdout, so no folder is shared with the engine. */
const COMPILE = 'cd /tmp && cat > "$1.c" && name=$1 && shift && "$@" >&2'

/** What is compiled in is nowhere else to be seen; a builder without dpkg says nothing. */
const TELL_PACKAGES = {
  glibc: 'dpkg-query -W "gcc-[0-9]*" "libgcc-*-dev*" "libc6-dev*" >&2 2>/dev/null',
  musl: 'dpkg-query -W "gcc-[0-9]*" "libgcc-*-dev" musl-dev >&2 2>/dev/null',
} as const

/** Nothing is fetched and nothing but /tmp is written, so the container may do nothing else. */
const ISOLATION = ['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']

const compileInContainer = (inputs: CompileInputs, engine: EngineFacts): Step => {
  const { answers, name } = inputs
  if (answers.archs.length > 0) return compileEachInContainer(inputs, engine)
  const [compile = [], strip] = compilerCommand(answers, undefined, inputs.arch)
  return {
    ...compileStep(inputs),
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [...platformOption({ engine, arch: inputs.arch }), '--interactive', ...ISOLATION],
        image: preparedBuilder('compiler', inputs.arch, builderPackages(answers, inputs.arch)),
        command: [
          'sh',
          '-c',
          `${[COMPILE, ...(strip === undefined ? [] : [STRIP])].join(' && ')} && { ${TELL_PACKAGES[answers.libc]}; cat "$name"; }`,
          'sh',
          name,
          ...compile,
        ],
      },
    ],
    from: sourceName(answers.program),
    to: { kind: 'file', file: name, mode: 0o755 },
  }
}

/** The programs leave as a tar through stdout, all of them from one container. */
const compileEachInContainer = (inputs: CompileInputs, engine: EngineFacts): Step => {
  const { answers, arch } = inputs
  return {
    ...compileStep(inputs),
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [...platformOption({ engine, arch }), '--interactive', ...ISOLATION],
        image: preparedBuilder('compiler', arch, builderPackages(answers, arch)),
        command: [
          'sh',
          '-c',
          `cd /tmp && cat > "$1.c" && ${COMPILE_EACH} && { ${TELL_PACKAGES.glibc}; tar --create ${PLATFORMS}; }`,
          'sh',
          ...compileEachWords(answers),
        ],
      },
      {
        kind: 'craft',
        craft: 'unpack-programs',
        input: { file: inputs.name, archs: answers.archs },
        shown: ['tar', '--extract'],
      },
    ],
    from: sourceName(answers.program),
    to: { kind: 'log' },
  }
}
