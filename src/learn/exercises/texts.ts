import { wrap } from '../../text/wrap.ts'
import type { Progress } from './progress.ts'
import { stateOf } from './progress.ts'
import type { Exercise, SolutionStep, Verdict } from './types.ts'
import { counted } from '../../text/units.ts'

/** What differs from person to person in the words of an exercise. */
export interface Words {
  /** The engine's client: docker or podman. */
  readonly client: string
}

/** How a person who has installed nothing calls us. */
const OURS = 'npx create-base-image'

const filled = (text: string, { client }: Words): string =>
  text.replaceAll('{ours}', OURS).replaceAll('{client}', client)

/** Returns TASK.md. */
export const taskFile = ({ title, task }: Exercise, words: Words): string =>
  [
    `# ${title}`,
    '',
    ...paragraphs(task).flatMap(lines => [...lines.map(line => filled(line, words)), '']),
    `When you think that it is right: \`${OURS} check\`. When you are stuck: \`${OURS} check --hint\`.`,
    '',
  ].join('\n')

/** Commands that follow one another stand together. */
const paragraphs = (task: readonly string[]): string[][] => {
  const all: string[][] = []
  for (const line of task) {
    const last = all.at(-1)
    if (isCommand(line) && last !== undefined && isCommand(last[0] ?? '')) last.push(line)
    else all.push([line])
  }
  return all
}

const isCommand = (line: string): boolean => line.startsWith('    ')

/** Returns the task for a screen: where it is done, and what is to be made. */
export const taskText = (
  exercise: Exercise,
  {
    place,
    words,
    width,
  }: { readonly place: string; readonly words: Words; readonly width: number },
): string =>
  lines([
    exercise.title,
    ...wrap(`Work in the folder ${place}. TASK.md there has these words too.`, width, '  '),
    '',
    ...paragraphs(exercise.task).flatMap(part => [
      ...part.flatMap(line =>
        isCommand(line) ? [filled(line, words)] : wrap(filled(line, words), width, '  '),
      ),
      '',
    ]),
  ])

/** Returns what the checks found, and for each that failed what was expected. */
export const verdictsText = (verdicts: readonly Verdict[], width: number): string =>
  lines(
    verdicts.flatMap(({ passed, what, expected, found }) => [
      ...hanging(passed ? '  ok  ' : '  no  ', what, width),
      ...(passed
        ? []
        : [
            ...hanging('        expected  ', expected, width),
            ...hanging('        found     ', found, width),
          ]),
    ]),
  )

const hanging = (lead: string, text: string, width: number): string[] => {
  const [first = '', ...rest] = wrap(text, width, ' '.repeat(lead.length))
  return [lead + first.slice(lead.length), ...rest]
}

/** Returns the list of all exercises with what is passed. */
export const listText = (
  exercises: readonly Exercise[],
  progress: Progress,
  current: Exercise | null,
): string =>
  lines(
    exercises.map((exercise, i) => {
      const { passed, hints } = stateOf(progress, exercise)
      const mark = passed ? 'ok' : exercise === current ? '->' : '  '
      const used = hints === 0 ? '' : `  (${counted(hints, 'hint')})`
      return `  ${mark} ${String(i + 1).padStart(2)}. ${exercise.name.padEnd(15)} ${exercise.title}${used}`
    }),
  )

/** How many hints an exercise has, its solution included. */
export const hintsOf = ({ hints }: Exercise): number => hints.length + 1

/** Returns a hint by its number, from 1; the last one is the solution. */
export const hintText = (
  exercise: Exercise,
  number: number,
  { words, width }: { readonly words: Words; readonly width: number },
): string => {
  const total = hintsOf(exercise)
  const head = `Hint ${number} of ${total} for ${exercise.name}`
  const hint = exercise.hints[number - 1]
  return hint === undefined
    ? lines([
        `${head}: the answer`,
        '',
        ...exercise.solution.flatMap(step => solved(step, words)),
        ...(exercise.solution.some(step => 'run' in step && step.run.includes('--force'))
          ? [
              '',
              ...wrap('--force replaces what an earlier try has left in the folder.', width, '  '),
            ]
          : []),
      ])
    : lines([head, '', ...wrap(filled(hint, words), width, '  ')])
}

const solved = (step: SolutionStep, { client }: Words): string[] => {
  if ('write' in step)
    return [
      `  ${step.write}`,
      ...step.text
        .trimEnd()
        .split('\n')
        .map(line => `    ${line}`),
      '',
    ]
  const [program = '', ...args] = step.run
  const name = program === 'ENGINE' ? client : program === 'create-base-image' ? OURS : program
  return [`    ${[name, ...args.map(quoted)].join(' ')}`]
}

/** Double quotes mean the same to every shell. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`)

const lines = (all: readonly string[]): string => all.map(line => `${line}\n`).join('')
