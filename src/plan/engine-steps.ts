import type { EngineFacts } from '../engine/facts.ts'
import { shellWords } from '../text/shell-words.ts'
import { hasFiles } from './minimal/extras.ts'
import { imageFormat } from './script/engine-words.ts'
import type { MinimalInputs } from './minimal/inputs.ts'
import type { Step } from './types.ts'

/** The step that asks the engine for its version. */
export const checkEngine = (engine: EngineFacts): Step => ({
  id: 'engine',
  title: 'Check the engine',
  why: `${engine.kind === 'podman' ? PODMAN_WHY : SERVICE_WHY} If it does not answer, nothing after this can work.`,
  pipeline: [
    {
      kind: 'command',
      program: engine.client,
      args: VERSION[engine.kind],
    },
  ],
  to: { kind: 'log' },
  reader: 'lines',
  result: engine.kind === 'podman' ? 'Podman {last-line}' : 'Docker {last-line}',
})

const SERVICE_WHY =
  'The engine is the service that keeps images and runs containers; docker is only its client.'
const PODMAN_WHY =
  'Podman keeps images and runs containers by itself: there is no service behind it, except in its virtual machine on Mac and Windows.'

/** Podman's `version` says nothing of whether it can work; its `info` looks at its files and at the user's rights. */
const VERSION: Readonly<Record<EngineFacts['kind'], readonly string[]>> = {
  docker: ['version', '--format', '{{.Server.Version}}, {{.Server.Os}}/{{.Server.Arch}}'],
  podman: ['info', '--format', '{{.Version.Version}}, {{.Host.OS}}/{{.Host.Arch}}'],
}

/** The steps that make the image and prove it, with an engine. */
export const buildAndRun = (inputs: MinimalInputs, engine: EngineFacts): Step[] => {
  const { tag } = inputs.given.answers
  const platform = inputs.arch === engine.arch ? [] : ['--platform', `linux/${inputs.arch}`]
  return [
    {
      id: 'build',
      title: `Build the image ${tag}`,
      why: `${BUILD_WHY[engine.kind]} ${hasFiles(inputs.given.answers) ? LAYERS_WHY : LAYER_WHY}`,
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
      postcondition: {
        command: {
          kind: 'command',
          program: engine.client,
          args: ['image', 'inspect', '--format', imageFormat(engine), tag],
        },
        expect: `linux/${inputs.arch} `,
        learn: ['image.id'],
        otherwise: `The engine made the image for another architecture than linux/${inputs.arch}.`,
        skippable: false,
      },
      result: '{files.bytes|size}',
    },
    {
      id: 'run',
      title: `Run it: ${shellWords([engine.client, 'run', '--rm', tag, ...proofCommand(inputs)])}`,
      why: hasFiles(inputs.given.answers)
        ? `${RUN_WHY} what was put in with it.`
        : `${RUN_WHY} nothing else.`,
      pipeline: [
        {
          kind: 'container',
          client: engine.client,
          options: platform,
          image: tag,
          command: proofCommand(inputs),
          plain: true,
        },
      ],
      to: { kind: 'proof' },
      reader: 'lines',
      patience: 10,
      proofBy: 'start',
    },
  ]
}

/**
 * What the container of the proof runs: words replace CMD, so the program comes before them, unless an
 * entrypoint does.
 */
export const proofCommand = ({ given, name }: Pick<MinimalInputs, 'given' | 'name'>): string[] => {
  const { words, answers } = given
  if (words.length === 0) return []
  return [...(answers.settings.entrypoint === null ? [`/${name}`] : []), ...words]
}

const BUILD_WHY: Readonly<Record<EngineFacts['kind'], string>> = {
  docker:
    'docker build sends the build context (this folder, except what .dockerignore leaves out) to the engine, which follows the Dockerfile line by line.',
  podman:
    'podman build takes the build context (this folder, except what .dockerignore leaves out) and follows the Dockerfile line by line.',
}
const LAYER_WHY = 'ADD makes the one layer of the image; CMD is a note on what to start.'
const LAYERS_WHY =
  'Each ADD makes a layer of the image; ENV, USER and CMD are notes on how to start it.'

const RUN_WHY =
  'The proof of an image is a container made from it. What it prints comes from a file system that holds your program and'

const HARNESS: Readonly<Record<EngineFacts['builder'], readonly string[]>> = {
  classic: ['--force-rm'],
  'buildkit-plain': ['--progress', 'plain'],
  'buildkit-json': ['--progress', 'rawjson'],
  podman: [],
}

const READERS = {
  classic: 'classic-build',
  'buildkit-plain': 'buildkit-plain',
  'buildkit-json': 'buildkit-json',
  // Its steps read alike.
  podman: 'classic-build',
} as const
