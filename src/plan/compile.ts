import type { Answers } from '../ask/answers.ts'
import type { Arch, EngineFacts, Facts } from '../engine/facts.ts'
import { builderPackages, compilerCommand } from './compiler.ts'
import { sourceName } from './names.ts'
import type { LateWord, Step } from './types.ts'

export interface CompileScene {
  readonly answers: Answers
  readonly facts: Facts
  readonly engine: EngineFacts | null
  readonly arch: Arch
  readonly name: string
  readonly where: 'host' | 'container'
}

/** The steps that turn the C file into a static program, here or in a container. */
export const compileSteps = (scene: CompileScene): Step[] => {
  if (scene.where === 'host' || scene.engine === null) return [compileHere(scene)]
  return [
    getBuilder(scene, scene.engine),
    putCompilerIn(scene, scene.engine),
    compileInContainer(scene, scene.engine),
  ]
}

const STATIC_WHY =
  '-static copies what the program needs from the C library into it. Without that it would ask for a loader and for libc.so.6 at its start, and a scratch image has neither.'

/** The file name comes as an argument, so every shell text is a constant. */
const STRIP = 'strip --strip-all --remove-section=.comment "$name"'
const COMPILE_HERE_AND_STRIP = `name=$1 && shift && "$@" && ${STRIP}`

const compileHere = (scene: CompileScene): Step => {
  const { answers, facts, name } = scene
  const { cc, muslGcc } = facts.compiler
  const [compile = [], strip] = compilerCommand(
    answers,
    (answers.libc === 'musl' ? muslGcc : cc) ?? 'cc',
  )
  const [program = 'cc', ...args] =
    strip === undefined ? compile : ['sh', '-c', COMPILE_HERE_AND_STRIP, 'sh', name, ...compile]
  return {
    ...compileStep(scene),
    pipeline: [{ kind: 'command', program, args }],
    to: { kind: 'log' },
    outputs: [name],
  }
}

const compileStep = ({ answers, name }: CompileScene) => ({
  id: 'compile',
  title: `Compile ${sourceName(answers.program)} statically`,
  why: STATIC_WHY,
  reader: 'lines' as const,
  inputs: [sourceName(answers.program)],
  outputs: [name],
  result: '{output.bytes|size}',
  todo: [
    `Mend ${sourceName(answers.program)} in the project folder, then run the same command: it goes on from here.`,
    `A header that is not found: only ${sourceName(answers.program)} goes into the compile, so put into it what it includes of yours.`,
  ],
})

/** The option that asks for the wanted architecture, where it is not the engine's own. */
export const platformOption = ({ arch }: CompileScene, engine: EngineFacts): string[] =>
  arch === engine.arch ? [] : ['--platform', `linux/${arch}`]

const presence = (engine: EngineFacts, image: string | LateWord, arch: Arch, learn: string[]) => ({
  command: {
    kind: 'command' as const,
    program: engine.client,
    args: ['image', 'inspect', '--format', '{{.Os}}/{{.Architecture}} {{.Id}} {{.Size}}', image],
  },
  expect: `linux/${arch} `,
  learn,
  skippable: true,
})

/** The step that fetches the image to work in. */
export const getBuilder = (scene: CompileScene, engine: EngineFacts): Step => {
  const { answers, arch } = scene
  return {
    id: 'builder',
    title: `Get the builder ${answers.builder}`,
    why: `The compile happens inside a container, because a Linux program is needed and this machine may have no Linux compiler. The container's parent image is only a workshop: none of it ends up in your image.`,
    pipeline: [
      {
        kind: 'pull',
        client: engine.client,
        image: answers.builder,
        platform: arch === engine.arch ? null : `linux/${arch}`,
      },
    ],
    to: { kind: 'log' },
    reader: 'pull',
    holds: {
      ...presence(engine, answers.builder, arch, ['builder.id', 'builder.bytes']),
      otherwise: `${answers.builder} came for another architecture than linux/${arch}, so what it compiles would not run there.`,
    },
    servesOnly: zonesNeedIt(scene) ? ['compile', 'zones'] : ['compile'],
    result: `{builder.bytes|size}`,
  }
}

const zonesNeedIt = ({ answers, facts }: CompileScene): boolean =>
  answers.with.includes('tzdata') && !facts.zoneinfo

/**
 * Status lines go to stdout for the progress reader, words for people to stderr. What a static C program never needs
 * (documents, link-time optimisation, the sanitizers, which can't be static) is left out: less to unpack and to keep.
 */
const INSTALL =
  'set -e; export DEBIAN_FRONTEND=noninteractive; ' +
  'printf "%s\\n" force-unsafe-io "path-exclude=/usr/share/doc/*" "path-exclude=/usr/share/man/*" ' +
  '"path-exclude=/usr/share/locale/*" "path-exclude=*/lto1" "path-exclude=*/lib*san*" > /etc/dpkg/dpkg.cfg.d/builder; ' +
  'apt-get -o APT::Status-Fd=3 -o Acquire::Languages=none update 3>&1 1>&2; ' +
  'apt-get -o APT::Status-Fd=3 install --yes --no-install-recommends "$@" 3>&1 1>&2; ' +
  'apt-get clean; rm -rf /var/lib/apt/lists/*'

const preparedBuilder = (scene: CompileScene): LateWord => ({
  stem: 'create-base-image/compiler:',
  hashOf: [
    { learnt: 'builder.id' },
    `linux/${scene.arch}`,
    INSTALL,
    ...builderPackages(scene.answers),
  ],
})

const putCompilerIn = (scene: CompileScene, engine: EngineFacts): Step => ({
  id: 'compiler',
  title: `Put a compiler in it: ${builderPackages(scene.answers).join(', ')}`,
  why: 'Only the compiler and the files to link against are installed. The result is kept as an image of its own, so that the next time starts here.',
  pipeline: [
    {
      kind: 'container',
      client: engine.client,
      options: [...platformOption(scene, engine), '--security-opt', 'no-new-privileges'],
      image: scene.answers.builder,
      command: ['sh', '-c', INSTALL, 'sh', ...builderPackages(scene.answers)],
      keepAs: {
        image: preparedBuilder(scene),
        changes: ['CMD ["sh"]', 'LABEL create-base-image.role=compiler'],
      },
    },
  ],
  to: { kind: 'log' },
  reader: 'apt',
  holds: {
    ...presence(engine, preparedBuilder(scene), scene.arch, ['compiler.id', 'compiler.bytes']),
    otherwise: 'The engine did not keep the builder with the compiler in it.',
  },
  servesOnly: ['compile'],
  result: '{compiler.bytes|size}',
})

/** The source comes in through stdin and the program leaves through stdout, so no folder is shared with the engine. */
const COMPILE = 'cd /tmp && cat > "$1.c" && name=$1 && shift && "$@" >&2 && cat "$name"'
const COMPILE_AND_STRIP = `cd /tmp && cat > "$1.c" && name=$1 && shift && "$@" >&2 && ${STRIP} && cat "$name"`

/** Nothing is fetched and nothing but /tmp is written, so the container may do nothing else. */
const ISOLATION = ['--network', 'none', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges']

const compileInContainer = (scene: CompileScene, engine: EngineFacts): Step => {
  const { answers, name } = scene
  const [compile = [], strip] = compilerCommand(answers)
  return {
    ...compileStep(scene),
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [...platformOption(scene, engine), '--interactive', ...ISOLATION],
        image: preparedBuilder(scene),
        command: [
          'sh',
          '-c',
          strip === undefined ? COMPILE : COMPILE_AND_STRIP,
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
