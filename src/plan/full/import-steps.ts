import type { EngineFacts } from '../../engine/facts.ts'
import { wordsStep } from '../archive-steps.ts'
import { platformOption, presence } from '../builder.ts'
import { imageNotes, inputsOf } from './image-notes.ts'
import { provenBy } from './proof.ts'
import type { FullInputs } from './inputs.ts'
import { changeLines, pastEntrypoint } from '../run-notes.ts'
import { proofTodo } from './advice.ts'
import { fetchRoot } from './root-stage.ts'
import { UNPROVEN_NAME } from '../names.ts'
import { importPlatform } from '../script/engine-words.ts'
import type { LearntWord, Stage, Step } from '../types.ts'

/** The image's name until it is proven: another run's can't be meant by it. */
export const UNPROVEN: LearntWord = {
  stem: `${UNPROVEN_NAME}:`,
  learnt: 'run',
  plain: UNPROVEN_NAME,
}

/** The name by which the proof runs the image: the final one when it has that from an earlier run. */
const PROVEN_NOW: LearntWord = {
  stem: '',
  learnt: 'image.name',
  plain: UNPROVEN_NAME,
}

/** The step that turns the root filesystem into an image. */
export const importSteps = (inputs: FullInputs, engine: EngineFacts): Step[] => {
  const { arch, route } = inputs
  // Podman takes the machine's own when it is not told.
  const asked = engine.kind === 'docker' && engine.arch === arch ? null : `linux/${arch}`
  const from: Stage = route === 'host' ? fetchRoot(inputs) : restartedContainer(inputs, engine)
  return [
    {
      id: 'import',
      title: 'Import it as an image',
      why: `${engine.client} import takes a tar of files and makes an image of one layer from it, with no parent image. A few notes go with it: what to start, where programs are found, what it is. It gets its name once it is proven.`,
      pipeline: [
        from,
        {
          kind: 'command',
          program: engine.client,
          args: [
            'import',
            ...importPlatform(engine.kind, asked),
            ...changeOptions(inputs, engine.kind),
            '-',
            UNPROVEN,
          ],
        },
      ],
      ...(route === 'host' ? {} : { from: 'pack.sh' }),
      to: { kind: 'log' },
      reader: 'import',
      servesOnly: ['name'],
      postcondition: {
        ...presence({ engine, arch }, UNPROVEN, 'image'),
        skippable: false,
        otherwise: `The engine made the image for another architecture than linux/${arch}: Docker before 23 ignores --platform for imports.`,
      },
      todo: [`Use an engine on ${arch}, or a newer one.`],
      result: '{files.bytes|size}',
    },
  ]
}

/** The options of an import that say what the image says about itself. */
export const changeOptions = (
  inputs: Pick<FullInputs, 'given' | 'release' | 'distribution'>,
  engine: EngineFacts['kind'],
): string[] => {
  return changeLines(imageNotes(inputs), engine).flatMap(change => ['--change', change])
}

const restartedContainer = ({ builder }: FullInputs, { client }: EngineFacts): Stage => ({
  kind: 'container',
  client,
  options: ['--interactive'],
  image: builder,
  command: [],
  restarts: 'bootstrap',
})

/** The steps that prove the image, and then give it its name. */
export const proveAndName = (inputs: FullInputs, engine: EngineFacts): Step[] => {
  const { given, arch } = inputs
  const { tag } = given.answers
  const { argv, ...proven } = provenBy(inputs)
  const proof = pastEntrypoint(imageNotes(inputs), argv)
  const platform = [...platformOption({ engine, arch }), ...proof.options]
  return [
    {
      id: 'run',
      ...proven,
      pipeline: [
        {
          kind: 'container',
          client: engine.client,
          options: platform,
          image: PROVEN_NOW,
          command: proof.command,
          plain: true,
        },
      ],
      to: { kind: 'proof' },
      reader: 'lines',
      todo: proofTodo(inputs),
    },
    ...(given.words.length === 0 ? [] : [runWords(inputs, engine)]),
    {
      id: 'name',
      title: `Name it ${tag}`,
      why: 'A tag is a name that points at an image. It is set only now: an image that failed its proof never gets it, and an older image keeps it until then.',
      pipeline: [{ kind: 'command', program: engine.client, args: ['tag', UNPROVEN, tag] }],
      to: { kind: 'log' },
      reader: 'lines',
      makes: 'name',
      inputs: inputsOf(inputs),
      postcondition: {
        ...presence({ engine, arch }, tag, 'image'),
        skippable: false,
        otherwise: `The engine does not know ${tag} now.`,
      },
    },
    // What a deep look finds is about an image that exists: its release is proven by now.
    ...(given.verify ? [verifyStep(inputs, engine)] : []),
  ]
}

const runWords = ({ given, arch }: FullInputs, engine: EngineFacts): Step =>
  wordsStep(given.words, {
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: platformOption({ engine, arch }),
        image: PROVEN_NOW,
        command: given.words,
        plain: true,
      },
    ],
    to: { kind: 'proof' },
    reader: 'lines',
    patience: 10,
    proofBy: 'start',
  })

const verifyStep = (inputs: FullInputs, engine: EngineFacts): Step => {
  const { arch, family } = inputs
  const notes = imageNotes(inputs)
  const look = pastEntrypoint(notes, ['sh', '-s', '--', family.archName(arch)])
  return {
    id: 'verify',
    title: family.words.verifyTitle,
    why: family.words.whyVerify,
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [
          ...platformOption({ engine, arch }),
          '--interactive',
          '--security-opt',
          'no-new-privileges',
          ...(notes.user === null ? [] : ['--user', '0']),
          ...look.options,
        ],
        image: inputs.given.answers.tag,
        command: look.command,
      },
    ],
    from: 'verify.sh',
    to: { kind: 'log' },
    reader: 'lines',
    postcondition: {
      command: {
        kind: 'command',
        program: engine.client,
        args: ['image', 'inspect', '--format', STARTS, inputs.given.answers.tag],
      },
      expect: `linux/${arch} ${JSON.stringify(notes.cmd)}`,
      learn: [],
      skippable: false,
      otherwise: `The engine's notes on the image are wrong: it must be for linux/${arch} and start ${(notes.cmd ?? ['nothing by default']).join(' ')}.`,
    },
    result: '{last-line}',
  }
}

/** What an image says that it is for and starts; alike for Docker and Podman. */
const STARTS = '{{.Os}}/{{.Architecture}} {{json .Config.Cmd}}'
