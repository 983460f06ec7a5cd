import type { Answers, Given } from '../ask/answers.ts'
import { savedAnswers } from '../ask/given.ts'
import type { Arch, EngineFacts, Facts, PrivateRoot } from '../engine/facts.ts'
import { MachineError } from '../errors.ts'
import { compileSteps } from './compile.ts'
import { programName, sourceName } from './names.ts'
import { projectFiles } from './project-files.ts'
import type { CraftStage, Plan, Step } from './types.ts'
import { chooseWay, type Way } from './way.ts'

/**
 * The plan of a minimal image. Pure: the same answers and facts give the same plan.
 * Throws MachineError when the answers ask for what the machine lacks.
 */
export const minimalPlan = (given: Given, facts: Facts): Plan => {
  const engine = chooseEngine(given.answers, facts)
  const arch = given.answers.arch ?? engine?.arch ?? facts.arch
  const { way, notices } = chooseWay(given, facts, engine, arch)
  const scene: Scene = { given, facts, engine, arch, way, name: programName(given.answers.program) }
  const archive = engine === null ? given.places.output : null
  return {
    version: 1,
    journey: 'minimal',
    headline: `minimal image · ${whatGoesIn(scene)} · linux/${arch} → ${given.answers.tag}`,
    image: { reference: given.answers.tag, arch, archive },
    directory: given.places.directory,
    answers: savedAnswers(given.answers),
    notices: [...engineNotices(given.answers, facts), ...notices],
    proof: proofOf(scene),
    contents: [scene.name],
    temporary: [PRIVATE_ROOT],
    steps: [
      ...(engine === null ? [] : [checkEngine(engine)]),
      writeFiles(scene),
      ...makeProgram(scene),
      inspectProgram(scene),
      ...(engine === null ? packAndProve(scene, given.places.output) : buildAndRun(scene, engine)),
    ],
    next: nextCommands(scene),
  }
}

/** All that the steps of one plan are made from. */
interface Scene {
  readonly given: Given
  readonly facts: Facts
  readonly engine: EngineFacts | null
  readonly arch: Arch
  readonly way: Way
  /** The program's file name in the project folder and in the image. */
  readonly name: string
}

const PRIVATE_ROOT = '.create-base-image/root'

const chooseEngine = (answers: Answers, facts: Facts): EngineFacts | null => {
  if (answers.engine === 'none' || facts.engine !== null)
    return answers.engine === 'none' ? null : facts.engine
  if (answers.engine === 'auto') return null
  const problem = facts.engineProblem
  throw new MachineError(problem?.what ?? 'No engine answered.', problem?.todo ?? [])
}

const engineNotices = (answers: Answers, facts: Facts): string[] => {
  if (answers.engine !== 'auto' || facts.engine !== null) return []
  const { what = 'No engine answered.', todo = [] } = facts.engineProblem ?? {}
  return [`${what} Going on without an engine: the result is an archive.`, ...todo]
}

const whatGoesIn = ({ given, way, name }: Scene): string => {
  if (way === 'raw') return 'a program of two system calls'
  return way === 'ready' ? name : sourceName(given.answers.program)
}

const checkEngine = (engine: EngineFacts): Step => ({
  id: 'engine',
  title: 'Check the engine',
  why: 'The engine is the service that keeps images and runs containers; docker is only its client. If it does not answer, nothing after this can work.',
  pipeline: [
    {
      kind: 'command',
      program: engine.client,
      args: ['version', '--format', '{{.Server.Version}}, {{.Server.Os}}/{{.Server.Arch}}'],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
  result: 'Docker {last-line}',
})

const writeFiles = (scene: Scene): Step => {
  const files = projectFiles(scene)
  return {
    id: 'files',
    title: 'Write the project files',
    why: 'A Dockerfile says what goes into an image. FROM scratch starts from the empty image: nothing is inherited from a parent image, and that makes yours a base image.',
    pipeline: [{ kind: 'craft', craft: 'write-project', input: { files }, shown: [] }],
    to: { kind: 'log' },
    reader: 'lines',
  }
}

const makeProgram = (scene: Scene): Step[] => {
  if (scene.way === 'ready') return []
  if (scene.way === 'raw') return [writeRaw(scene)]
  return compileSteps({ ...scene, answers: scene.given.answers, where: scene.way })
}

const writeRaw = ({ given, arch, name }: Scene): Step => {
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

const inspectProgram = ({ arch, name }: Scene): Step => ({
  id: 'inspect',
  title: `Inspect ${name}`,
  why: 'In a scratch image there is no loader and no shared library. A program that asks for either fails there with "no such file or directory", so its file is read first: it must ask for nothing.',
  pipeline: [
    {
      kind: 'craft',
      craft: 'inspect-program',
      input: { file: name, arch },
      shown: ['create-base-image', 'inspect', name],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
})

const HARNESS: Readonly<Record<EngineFacts['builder'], readonly string[]>> = {
  classic: ['--force-rm'],
  'buildkit-plain': ['--progress', 'plain'],
  'buildkit-json': ['--progress', 'rawjson'],
}

const READERS = {
  classic: 'classic-build',
  'buildkit-plain': 'buildkit-plain',
  'buildkit-json': 'buildkit-json',
} as const

const buildAndRun = (scene: Scene, engine: EngineFacts): Step[] => {
  const { tag } = scene.given.answers
  const platform = scene.arch === engine.arch ? [] : ['--platform', `linux/${scene.arch}`]
  return [
    {
      id: 'build',
      title: `Build the image ${tag}`,
      why: 'docker build sends the build context (this folder, less what .dockerignore leaves out) to the engine, which follows the Dockerfile line by line. ADD makes the one layer of the image; CMD is a note on what to start.',
      pipeline: [
        {
          kind: 'command',
          program: engine.client,
          args: ['build', ...platform, '--tag', tag, '.'],
          harness: HARNESS[engine.builder],
        },
      ],
      to: { kind: 'log' },
      reader: READERS[engine.builder],
      holds: {
        command: {
          kind: 'command',
          program: engine.client,
          args: [
            'image',
            'inspect',
            '--format',
            '{{.Os}}/{{.Architecture}} {{.Id}} {{.Size}}',
            tag,
          ],
        },
        expect: `linux/${scene.arch} `,
        learn: ['image.id', 'image.bytes'],
        otherwise: `The engine made the image for another architecture than linux/${scene.arch}.`,
        skippable: false,
      },
      result: '{image.bytes|size}',
    },
    {
      id: 'run',
      title: `Run it: docker run --rm ${tag}`,
      why: 'The proof of an image is a container made from it. What it prints comes from a file system that holds your program and nothing else.',
      pipeline: [
        { kind: 'container', client: engine.client, options: platform, image: tag, command: [] },
      ],
      to: { kind: 'proof' },
      reader: 'lines',
      patience: 10,
    },
  ]
}

const packAndProve = (scene: Scene, archive: string): Step[] => [
  packImage(scene, archive),
  ...proveWithoutEngine(scene, archive),
]

const packImage = ({ given, arch, name }: Scene, archive: string): Step => ({
  id: 'pack',
  title: 'Pack the image into an archive',
  why: 'An image is a list of layers, each a tar file, and a small JSON file on what to start. No engine is needed to write that down: docker load, podman load and skopeo read this archive.',
  pipeline: [
    {
      kind: 'craft',
      craft: 'pack-image',
      input: { file: name, arch, reference: given.answers.tag, archive },
      shown: ['create-base-image', 'pack', name, '--tag', given.answers.tag, '--output', archive],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
})

const proveWithoutEngine = (scene: Scene, archive: string): Step[] => {
  const { facts, arch, name } = scene
  if (facts.platform !== 'linux' || facts.arch !== arch) return []
  if (facts.privateRoot !== null) return proveInPrivateRoot(scene, archive, facts.privateRoot)
  if (scene.way === 'ready') return []
  return [
    proofStep(
      `Run ${name} on this machine`,
      'It was made here, so it may run here; that it needs no other file was read from it before.',
      {
        program: `./${name}`,
        args: [],
      },
    ),
  ]
}

const proveInPrivateRoot = (
  scene: Scene,
  archive: string,
  { command }: PrivateRoot,
): Step[] => {
  const unpack: CraftStage = {
    kind: 'craft',
    craft: 'unpack-image',
    input: { archive, directory: PRIVATE_ROOT },
    shown: [],
  }
  return [
    {
      id: 'unpack',
      title: 'Unpack the archive into an empty folder',
      why: 'What is proven must be what was packed: the layers are read back from the archive, and their digests compared.',
      pipeline: [unpack],
      to: { kind: 'log' },
      reader: 'lines',
    },
    proofStep(
      `Run /${scene.name} with that folder as its root`,
      'A container is a process with a root folder and namespaces of its own. Linux can do that without an engine, so the program sees the files of the image and nothing else.',
      privateRootCall(command, `/${scene.name}`),
    ),
  ]
}

const privateRootCall = (
  command: readonly string[],
  start: string,
): { readonly program: string; readonly args: readonly string[] } => {
  const [program = '', ...args] = command.map(word => word.replace('{root}', PRIVATE_ROOT))
  return { program, args: [...args, start] }
}

const proofStep = (
  title: string,
  why: string,
  { program, args }: { readonly program: string; readonly args: readonly string[] },
): Step => ({
  id: 'run',
  title,
  why,
  pipeline: [{ kind: 'command', program, args }],
  to: { kind: 'proof' },
  reader: 'lines',
  patience: 10,
})

const proofOf = ({ engine, facts, arch, way }: Scene): Plan['proof'] => {
  if (engine !== null) return { how: 'run in a container by the engine' }
  if (facts.platform !== 'linux')
    return {
      whyNot:
        'a Linux program does not run on this system; docker load and docker run would prove it',
    }
  if (facts.arch !== arch)
    return {
      whyNot: `this machine is ${facts.arch}, the image ${arch}; an engine on ${arch} would prove it`,
    }
  if (facts.privateRoot?.kind === 'namespaces')
    return { how: 'run in namespaces of its own, with the unpacked image as its root folder' }
  if (facts.privateRoot?.kind === 'chroot')
    return { how: 'run with the unpacked image as its root folder (chroot)' }
  if (way === 'ready')
    return {
      whyNot:
        'a program we did not make runs only in a container or a private root, and neither is to be had here',
    }
  return { how: 'run directly on this machine, not inside the image' }
}

const nextCommands = ({ engine, given }: Scene): string[][] => {
  const { tag } = given.answers
  if (engine !== null) {
    return [
      [engine.client, 'run', '--rm', tag],
      [engine.client, 'image', 'inspect', tag],
      [engine.client, 'rmi', tag],
    ]
  }
  return [
    ['docker', 'load', '--input', given.places.output],
    ['docker', 'run', '--rm', tag],
    ['create-base-image', 'inspect', given.places.output],
  ]
}
