import type { MinimalAnswers } from '../ask/answers.ts'
import type { Facts, PrivateRoot } from '../engine/facts.ts'
import { shellWords } from '../text/shell-words.ts'
import { hasFiles, minimalNotes } from './minimal/extras.ts'
import { proofCommand } from './engine-steps.ts'
import { startOf } from './run-notes.ts'
import { NO_SETTINGS } from '../ask/questions/settings.ts'
import { FILES, programFor, shownPath, USER_ID } from './names.ts'
import type { MinimalInputs } from './minimal/inputs.ts'
import type { CraftStage, Plan, Step } from './types.ts'

/** The steps that make an archive of the image and prove it, without an engine. */
export const packAndProve = (inputs: MinimalInputs, archive: string): Step[] => [
  packImage(inputs, archive),
  ...proveWithoutEngine(inputs, archive),
]

/** Where the archive is unpacked to be proven, in the project folder. */
export const PRIVATE_ROOT = '.create-base-image/root'

/** Returns how an archive is proven on this machine, `rest` behind it, or why none can be; null where it has no private root. */
export const proofHere = (
  { platform, privateRoot }: Pick<Facts, 'platform' | 'privateRoot'>,
  rest = '',
): Plan['proof'] | null => {
  if (platform !== 'linux')
    return {
      whyNot:
        'a Linux program does not run on this system; docker load and docker run would prove it',
    }
  if (privateRoot === null) return null
  const how = {
    namespaces: 'run in namespaces of its own, with the unpacked image as its root folder',
    chroot: 'run with the unpacked image as its root folder (chroot)',
  }
  return { how: `${how[privateRoot.kind]}${rest}` }
}

/** The step that makes an archive of the image. */
export const packImage = (inputs: MinimalInputs, archive: string): Step => {
  const { given, arch, archs, name } = inputs
  return {
    id: 'pack',
    title: 'Pack the image into an archive',
    why: archs.length > 0 ? INDEX_WHY : PACK_WHY,
    pipeline: [
      {
        kind: 'craft',
        craft: 'pack-image',
        input: {
          file: name,
          arch,
          archs,
          reference: given.answers.tag,
          archive,
          tree: hasFiles(given.answers) ? FILES : null,
          ...minimalNotes(given.answers),
        },
        // The subcommand packs a program alone.
        shown: archs.length === 0 && isPlain(given.answers) ? packCommand(inputs, archive) : [],
      },
    ],
    to: { kind: 'log' },
    reader: 'lines',
  }
}

/** Why an image is packed into an archive. */
export const PACK_WHY =
  'An image is a list of layers, each a tar file, and a small JSON file that says what to start. No engine is needed to write that: docker load, podman load and skopeo read this archive.'

const INDEX_WHY =
  'An image for several architectures is an index: a list that names one image for each, and whoever pulls gets the one for their machine. Next to it is manifest.json, which names the image for this machine alone, for engines that know no index.'

const isPlain = (answers: MinimalAnswers): boolean =>
  !hasFiles(answers) && JSON.stringify(answers.settings) === JSON.stringify(NO_SETTINGS)

const packCommand = ({ given, name }: MinimalInputs, archive: string): string[] => [
  'create-base-image',
  'pack',
  `./${name}`,
  '--tag',
  given.answers.tag,
  '--output',
  shownPath(given.places.directory, archive),
]

const proveWithoutEngine = (inputs: MinimalInputs, archive: string): Step[] => {
  const { facts, arch, name } = inputs
  if (facts.platform !== 'linux' || facts.arch !== arch) return []
  if (facts.privateRoot !== null) return proveInPrivateRoot(inputs, archive, facts.privateRoot)
  if (inputs.programSource === 'ready') return []
  const program = inputs.archs.length > 0 ? programFor(arch, name) : name
  return [
    startStep(
      `Run ${name} on this machine`,
      'It was made here, so it may run here; an earlier step found that it needs no other file.',
      {
        program: `./${program}`,
        args: startWords(inputs).slice(1),
      },
    ),
  ]
}

const proveInPrivateRoot = (
  inputs: MinimalInputs,
  archive: string,
  { command }: PrivateRoot,
): Step[] => [
  unpackStep(archive, inputs.archs.length > 0 ? inputs.arch : undefined),
  startStep(
    `Run /${inputs.name} with that folder as its root`,
    PRIVATE_WHY,
    privateRootCall(command, inputs),
  ),
]

/**
 * The steps that unpack an archive and run a command of its image in it, and then the person's words, if any; none
 * where no private root is to be had.
 */
export const provePacked = (
  root: PrivateRoot | null,
  archive: string,
  argv: readonly string[],
  words: readonly string[],
): Step[] => {
  if (root === null) return []
  const [program = '', ...args] = root.command.map(word => word.replace('{root}', PRIVATE_ROOT))
  const call = (command: readonly string[]) => ({ program, args: [...args, ...command] })
  return [
    unpackStep(archive),
    proofStep(`Run ${argv.join(' ')}`, PRIVATE_WHY, call(argv)),
    ...(words.length === 0 ? [] : [wordsStep(words, startStep('', '', call(words)))]),
  ]
}

/** The step that runs what the person asked for in a full image, which has proven its release by then. */
export const wordsStep = (
  words: readonly string[],
  run: Omit<Step, 'id' | 'title' | 'why'>,
): Step => ({
  ...run,
  id: 'words',
  title: `Run what you asked for: ${shellWords(words)}`,
  why: 'The words after -- are run in the image as its proof, once its release is known to be right. They are not part of the image.',
})

const PRIVATE_WHY =
  'A container is a process with a root folder and namespaces of its own. Linux can do that without an engine, so the program sees the files of the image and nothing else.'

const unpackStep = (archive: string, arch?: string): Step => {
  const unpack: CraftStage = {
    kind: 'craft',
    craft: 'unpack-image',
    input: { archive, directory: PRIVATE_ROOT, ...(arch === undefined ? {} : { arch }) },
    shown: [],
  }
  return {
    id: 'unpack',
    title: 'Unpack the archive into an empty folder',
    why: 'What is proven must be what was packed: the layers are read back from the archive, and their digests compared.',
    pipeline: [unpack],
    to: { kind: 'log' },
    reader: 'lines',
  }
}

const privateRootCall = (
  command: readonly string[],
  inputs: MinimalInputs,
): { readonly program: string; readonly args: readonly string[] } => {
  const { env, user } = minimalNotes(inputs.given.answers)
  const words = command.map(word => asUser(word.replace('{root}', PRIVATE_ROOT), user))
  const [program = '', ...args] = [...(env.length === 0 ? [] : ['env', ...env]), ...words]
  return { program, args: [...args, ...startWords(inputs)] }
}

const startWords = (inputs: MinimalInputs): string[] =>
  startOf(minimalNotes(inputs.given.answers), proofCommand(inputs))

/** A private root is entered as the user nobody, 65534 on every Linux, unless the image has a user of its own. */
const asUser = (word: string, user: string | null): string => {
  if (user === null) return word
  const [name = '', group = name] = user.split(':')
  const number = (id: string): string => ({ root: '0', nonroot: String(USER_ID) })[id] ?? id
  return word
    .replace('65534:65534', `${number(name)}:${number(group)}`)
    .replace('group=65534', `group=${number(group)}`)
    .replace('65534', number(name))
}

/** A program proves its image by having started, however it ends. */
const startStep = (...words: Parameters<typeof proofStep>): Step => ({
  ...proofStep(...words),
  proofBy: 'start',
})

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
