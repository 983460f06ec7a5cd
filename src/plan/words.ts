import type { LateWord, PullStage, Stage, Step, Word } from './types.ts'

/** Words as one line for a POSIX shell, quoted only where it is needed. */
export const shellWords = (words: readonly string[]): string => words.map(quote).join(' ')

/** The commands of a step in the form a person would type, each with the redirections that stand for our streams. */
export const shownCommands = (
  step: Step,
  resolve: (word: Word) => string = plainWord,
): string[] => {
  const line = step.pipeline
    .map(stage => stageWords(stage, resolve))
    .filter(words => words.length > 0)
    .map(shellWords)
    .join(' | ')
  const input = step.from === undefined ? '' : ` < ${quote(step.from)}`
  const output = step.to.kind === 'file' ? ` > ${quote(step.to.file)}` : ''
  const kept = step.pipeline.flatMap(stage => keptWords(stage, resolve))
  return [...(line === '' ? [] : [line + input + output]), ...kept]
}

/** A late word as it reads before its value is known. */
export const plainWord = (word: Word): string => (typeof word === 'string' ? word : `${word.stem}…`)

/** The command that pulls an image. */
export const pullCommand = ({ client, image, platform }: PullStage): string[] => [
  client,
  'pull',
  ...(platform === null ? [] : ['--platform', platform]),
  image,
]

/** True for a word that holds a hash of learnt values. */
export const isLate = (word: Word): word is LateWord => typeof word !== 'string'

const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./…-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

const stageWords = (stage: Stage, resolve: (word: Word) => string): string[] => {
  if (stage.kind === 'craft') return [...stage.shown]
  if (stage.kind === 'pull') return pullCommand(stage)
  if (stage.kind === 'command') return [stage.program, ...stage.args.map(resolve)]
  const keep = stage.keepAs === undefined ? ['--rm'] : ['--name', KEPT]
  const words = [...stage.options, stage.image, ...stage.command].map(resolve)
  return [stage.client, 'run', ...keep, ...words]
}

/** How the container that is kept is called where it is only shown. */
const KEPT = 'builder'

const keptWords = (stage: Stage, resolve: (word: Word) => string): string[] => {
  if (stage.kind !== 'container' || stage.keepAs === undefined) return []
  const changes = stage.keepAs.changes.flatMap(change => ['--change', change])
  return [
    shellWords([stage.client, 'commit', ...changes, KEPT, resolve(stage.keepAs.image)]),
    shellWords([stage.client, 'rm', KEPT]),
  ]
}
