import type {
  GivenBack,
  Leftovers,
  Outcome,
  PlanEvent,
  StepDone,
  StepFailed,
  StepProgress,
  StepSize,
  StepStarted,
  StepSummary,
  Stopped,
} from '../run/events.ts'
import { nextLines } from './next-words.ts'
import { packageFacts } from './package-facts.ts'
import { firstSentence } from '../text/first-sentence.ts'
import { counted, duration, size } from '../text/units.ts'
import type { Paint } from './paint.ts'

/** The title of a step by its id. */
export const titleOf = (steps: readonly StepSummary[], id: string): string =>
  steps.find(step => step.id === id)?.title ?? id

/** The head of a run: what it makes, and what the person must know. */
export const planText = ({ headline, notices, repeat }: PlanEvent, paint: Paint): string => {
  const said = [
    ...notices.map(notice => `  ${notice}\n`),
    `    ${paint.dim(`$ ${repeat}`)}\n`,
  ].join('')
  return `\ncreate-base-image   ${paint.strong(headline)}\n\n${said}\n`
}

/** A step that begins, with its commands below, and the first sentence of its reason where that is asked for. */
export const startText = (
  { step, commands }: StepStarted,
  steps: readonly StepSummary[],
  paint: Paint,
  reasoned = false,
): string => {
  const number = steps.findIndex(({ id }) => id === step) + 1
  const head = `${paint.strong(titleOf(steps, step))} ${paint.dim(`(${number} of ${steps.length})`)}`
  const why = reasoned ? firstSentence(steps.find(({ id }) => id === step)?.why ?? '') : ''
  return [
    head,
    ...commands.map(command => `${INDENT}${paint.dim(`$ ${command}`)}`),
    ...(why === '' ? [] : [`${INDENT}${why}`]),
  ].join('\n')
}

/** A step that is done, with its result and how long it took. */
export const doneText = (
  { step, result, seconds, notes = [] }: StepDone,
  steps: readonly StepSummary[],
  paint: Paint,
): string =>
  `${titleOf(steps, step)}${result === '' ? '' : `: ${result}`} ${paint.dim(`(${duration(seconds)})`)}${noteLines(notes)}`

/** Notes on a step's result, below it. */
export const noteLines = (notes: readonly string[]): string =>
  notes.map(note => `\n${INDENT}${note}`).join('')

/** The size of a root filesystem after a rule. */
export const sizeText = ({ bytes, after }: StepSize): string => `${size(bytes)}  ${after}`

/** How far a step is: `41 % Unpacking gcc-10`, `3 of 5 layers`. */
export const progressText = ({ fraction, done, total, unit, text }: StepProgress): string => {
  const percent = fraction === undefined ? '' : `${Math.floor(fraction * 100)} %`
  const count = done === undefined || unit === undefined ? '' : countText(done, total, unit)
  return [percent, count, text].filter(Boolean).join('  ')
}

/** A sign of life for a step that has long said nothing. */
export const stillText = (title: string, progress: string): string =>
  `still at work: ${title}${progress === '' ? '' : `  ${progress}`}`

/** A failed step: its last lines, what it means, what to do now, where the journal is; an unknown one with more. */
export const failureText = (
  failure: StepFailed,
  steps: readonly StepSummary[],
  paint: Paint,
): string => {
  const { step, message, lastLines, remedy, log, repeat, commands = [], issue } = failure
  const what = remedy === null || remedy.what === message ? [] : [remedy.what]
  const lines = [
    ...commands.map(command => paint.dim(`$ ${command}`)),
    ...lastLines.map(line => paint.dim(`| ${line}`)),
    message,
    ...what,
    ...(remedy?.todo ?? []).map(todo => `-> ${todo}`),
    ...(repeat === '' ? [] : [`Again: ${repeat}`]),
    ...(log === '' ? [] : [`The whole log: ${log}`]),
    ...(issue === undefined
      ? []
      : [`create-base-image does not know this failure yet. A text for an issue: ${issue}`]),
  ]
  return [paint.bad(`Failed: ${titleOf(steps, step)}`), ...lines.map(line => INDENT + line)].join(
    '\n',
  )
}

/** A stop: that it is under way, and that it is over. */
export const stopText = (event: Stopped): string => {
  const { signal, clean } = event
  if (hasLeftovers(event)) return `Stopped, but ${leftoverWords(event)}`
  if (clean) return 'Stopped. Nothing is left running.'
  return signal === 'SIGINT'
    ? 'Stopping (once more to leave at once) …'
    : `Stopping because of ${signal} …`
}

/** An image that was not proven, and what has its name now. */
export const backText = ({ name, id }: GivenBack): string =>
  id === null
    ? `Not proven, so it is not kept as ${name}.`
    : `Not proven, so ${name} is what it was before (${id.slice(0, 19)}).`

/** What a run that was not stopped had to leave. */
export const leftText = (event: Leftovers): string => {
  const words = leftoverWords(event)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

type LeftoverList = Omit<Leftovers, 'type'>

const hasLeftovers = ({
  containersRemain = false,
  images = [],
  leftFolder,
}: LeftoverList): boolean => containersRemain || images.length > 0 || leftFolder !== undefined

/** All of it, each by its name: whoever reads this may have to remove it by hand. */
const leftoverWords = ({
  containersRemain = false,
  containers = [],
  images = [],
  leftFolder,
}: LeftoverList): string => {
  const what = [
    ...(containersRemain ? [containerWords(containers)] : []),
    ...images.map(name => `the image ${name}, which is not proven, could not be removed`),
    ...(leftFolder === undefined
      ? []
      : [`sudo did not remove ${leftFolder}, which belongs to root`]),
  ]
  return `${what.join('; ')}. Later: create-base-image clean`
}

const containerWords = (names: readonly string[]): string => {
  if (names.length === 0) return 'the engine could not be asked whether a container is left'
  return names.length === 1
    ? `the container ${names[0]} could not be removed`
    : `the containers ${names.join(', ')} could not be removed`
}

/**
 * The end of the run: what the proof printed, the image with its sizes, what
 * to remember, and what to type next; `brief` is for a small window.
 */
export const outcomeText = (outcome: Outcome, paint: Paint, brief = false): string => {
  const printed = harmless(outcome.printed).trimEnd()
  const { proof, proven, image, id, platform, files, next, seconds, learnt = [] } = outcome
  const facts = [
    ['Image', `${image}   ${platform}   ${id.slice(0, 19)}`],
    ['Size', sizes(outcome)],
    ...(brief ? [] : [['', isFull(outcome) ? FULL_COMPARISON : COMPARISON]]),
    ...outcome.sizes.map(({ bytes, after }, i) => [
      i === 0 ? 'Fell' : '',
      `${size(bytes).padStart(8)}  ${after}`,
    ]),
    [proven ? 'Proven' : 'Not proven', brief ? `${proof}; it took ${duration(seconds)}` : proof],
    ...outcome.hints.map(hint => ['', `-> ${hint}`]),
    ...(outcome.pushed === undefined ? [] : [['Pushed', outcome.pushed]]),
    ...(outcome.pushedDigest === undefined ? [] : [['', `@${outcome.pushedDigest}`]]),
    ...(files.length === 0 ? [] : [['Files', files.join('\n' + ' '.repeat(14))]]),
    ...(outcome.lesson === undefined || learnt.length > 0 ? [] : [['Lesson', LESSON]]),
    ...packageFacts(outcome),
    ...(brief ? [] : [['Took', duration(seconds)]]),
    ...(outcome.replaced === undefined ? [] : [['Replaced', replacedText(outcome.replaced)]]),
  ]
  return [
    '',
    ...(printed === '' ? [] : [printed, '']),
    ...facts.map(([name = '', value]) => `  ${paint.strong(name.padEnd(12))}${value}`.trimEnd()),
    ...learntLines(learnt, paint),
    '',
    '  Next',
    ...nextLines(brief ? short(next) : next).map(line => `    ${line}`),
    ...(outcome.page === undefined || brief
      ? []
      : ['', "  By hand, as on Docker's page", ...outcome.page.map(command => `    ${command}`)]),
    ...(brief ? [] : ['']),
  ]
    .map(line => `${line}\n`)
    .join('')
}

/** Returns whether an image is a distribution: its files were counted as they fell, or its packages. */
export const isFull = ({ sizes: fell, packages }: Outcome): boolean =>
  fell.length > 0 || packages !== undefined

const learntLines = (learnt: readonly string[], paint: Paint): string[] =>
  learnt.length === 0
    ? []
    : [
        '',
        `  ${paint.strong('To remember')}   (LESSON.md has each step with its command and its reason)`,
        ...learnt.map(idea => `  - ${idea}`),
      ]

/** A command that would need a second line for its comment is left out where others remain. */
const short = (next: readonly string[]): readonly string[] =>
  next.length > 4 ? next.filter(command => nextLines([command]).length === 1) : next

/** Where the reasons that scrolled by are kept. */
const LESSON = 'LESSON.md, there too: every step with its command and its reason'

/** Each step with its commands and the first sentence of its reason; `short` makes a command fit its line. */
export const recapText = (
  steps: readonly StepSummary[],
  paint: Paint,
  short: (command: string) => string = command => command,
): string =>
  [
    '',
    '  What was done, and why',
    ...steps.flatMap(({ title, why, commands }, i) => [
      `  ${paint.strong(`${i + 1}. ${title}`)}`,
      ...commands.map(command => `     ${paint.dim(`$ ${short(command)}`)}`),
      `     ${firstSentence(why)}`,
    ]),
  ]
    .map(line => `${line}\n`)
    .join('')

/** The image before it has no name any more, so that nobody would find it by name. */
const replacedText = ({ bytes, remove }: NonNullable<Outcome['replaced']>): string =>
  `an image of ${size(bytes)} had this name and has none now. Remove it: ${remove}`

/** What a program printed, without what would steer the terminal; lines and tabs stay. */
const harmless = (text: string): string =>
  text.replaceAll(ESCAPES, '').replaceAll(/\r\n?/g, '\n').replaceAll(STEERING, '')

/**
 * Control sequences, strings with their end, and short escapes (ECMA-48). Node's own stripVTControlCharacters takes
 * words between a colour and a bell for a part of the escape.
 */
const ESCAPES =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[\]PX^_][^\u0007\u001B]*(?:\u0007|\u001B\\)|\u001B[ -/]*[0-~]/g

/** Control characters, and those that turn the direction of writing. */
const STEERING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g

const INDENT = ' '.repeat(9)

/**
 * The binary of the official hello-world has 10,072 bytes (docker-library/hello-world, amd64), Alpine's
 * minirootfs 3.20 3,490,290 bytes and the layer of debian:bookworm-slim 26.88 MB, both compressed (their manifests).
 */
const COMPARISON = 'beside hello-world 10.1 kB; alpine 3.5 MB, debian 47 MB compressed'

/** docker-library's repo-info and debuerreotype's manifests (one gzip layer each). */
const FULL_COMPARISON = 'beside alpine 3.5 MB, debian 47 MB, debian-slim 27 MB, compressed'

const sizes = ({ uncompressedBytes, compressedBytes }: Outcome): string =>
  [
    `${size(uncompressedBytes)} uncompressed`,
    ...(compressedBytes === null
      ? []
      : [`${size(compressedBytes)} compressed (about what a push sends)`]),
  ].join(', ')

const countText = (
  done: number,
  total: number | undefined,
  unit: NonNullable<StepProgress['unit']>,
): string => {
  const show = (count: number): string =>
    unit === 'bytes' ? size(count) : counted(count, unit.slice(0, -1))
  if (total === undefined) return show(done)
  return `${unit === 'bytes' ? size(done) : done} of ${show(total)}`
}
