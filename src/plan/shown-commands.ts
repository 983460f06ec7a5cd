import { shellWords } from '../text/shell-words.ts'
import { fullName } from './script/engine-words.ts'
import { shownRoot } from './root-words.ts'
import type { ContainerStage, PullStage, Stage, Step, Word } from './types.ts'

/** The commands of a step in the form a person would type, each with the redirections that stand for our streams. */
export const shownCommands = (
  step: Step,
  resolve: (word: Word) => string = plainWord,
): string[] => {
  const [first] = step.pipeline
  const [head, ...rest] = step.pipeline
    .map(stage => stageWords(stage, resolve))
    .filter(words => words.length > 0)
    .map(shellWords)
  // What is read from a file goes into the first command of a pipe.
  const input = step.from === undefined ? '' : ` < ${quote(step.from)}`
  const output = step.to.kind === 'file' ? ` > ${quote(step.to.file)}` : ''
  const line = head === undefined ? [] : [[head + input, ...rest].join(' | ') + output]
  const before = first?.kind === 'container' ? copyWords(first, resolve) : []
  const kept = step.pipeline.flatMap(stage => keptWords(stage, resolve))
  return [...before, ...line, ...kept]
}

/** A word that is not known yet as it reads before. */
export const plainWord = (word: Word): string => {
  if (typeof word === 'string') return word
  return 'plain' in word ? word.plain : `${word.stem}…`
}

/** The command that pulls an image. */
export const pullCommand = ({ client, image, platform }: PullStage): string[] => [
  client,
  'pull',
  ...(platform === null ? [] : ['--platform', platform]),
  client === 'podman' ? fullName(image) : image,
]

const quote = (word: string): string => shellWords([word])

const stageWords = (stage: Stage, resolve: (word: Word) => string): string[] => {
  if (stage.kind === 'craft') return [...stage.shown]
  if (stage.kind === 'pull') return pullCommand(stage)
  if (stage.kind === 'command') return [stage.program, ...stage.args.map(resolve)]
  if (stage.kind === 'root') return shownRoot(stage, resolve)
  if (stage.restarts !== undefined || stage.copies !== undefined)
    return [stage.client, 'start', '--attach', '--interactive', shownName(stage)]
  return [stage.client, 'run', ...nameWords(stage), ...containerWords(stage, resolve)]
}

const containerWords = (stage: ContainerStage, resolve: (word: Word) => string): string[] =>
  [...stage.options, stage.image, ...stage.command].map(resolve)

/** How a container that outlives its command is called where it is only shown. */
const shownName = ({ keepAs }: ContainerStage): string =>
  keepAs === undefined ? 'bootstrap' : 'builder'

const nameWords = (stage: ContainerStage): string[] =>
  stage.keepAs === undefined && stage.keptForLater === undefined
    ? ['--rm']
    : ['--name', shownName(stage)]

const copyWords = (stage: ContainerStage, resolve: (word: Word) => string): string[] => {
  if (stage.copies === undefined) return []
  const { client, copies } = stage
  return [
    shellWords([client, 'create', '--name', shownName(stage), ...containerWords(stage, resolve)]),
    ...copies.map(({ file, to }) => shellWords([client, 'cp', file, `${shownName(stage)}:${to}`])),
  ]
}

const keptWords = (stage: Stage, resolve: (word: Word) => string): string[] => {
  if (stage.kind !== 'container' || stage.keepAs === undefined) return []
  const changes = stage.keepAs.changes.flatMap(change => ['--change', change])
  const name = shownName(stage)
  return [
    shellWords([stage.client, 'commit', ...changes, name, resolve(stage.keepAs.image)]),
    shellWords([stage.client, 'rm', name]),
  ]
}
