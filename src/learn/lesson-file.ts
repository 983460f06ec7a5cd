import type { Event, Outcome } from '../run/events.ts'
import { size } from '../text/units.ts'
import { readGlossary } from './glossary.ts'
import { recapOf, type Recap, type RecapStep } from './recap.ts'
import { learntOf, stepLessons, type LessonOf, type LessonWords } from './steps.ts'

/** The file of the project folder that keeps the lesson of the last run. */
const LESSON_FILE = 'LESSON.md'

/** Returns LESSON.md for a run that these events tell of, and what its end says. Throws an Error when they have no plan. */
export const lessonOfRun = (
  journey: 'minimal' | 'full',
  words: LessonWords,
  events: readonly Event[],
): { readonly file: string; readonly text: string; readonly learnt: readonly string[] } => {
  const recap = recapOf(events)
  if (recap === null) throw new Error('These events have no plan.')
  const ids = recap.steps.map(({ id }) => id)
  return {
    file: LESSON_FILE,
    text: lessonFile(recap, stepLessons(journey, words)),
    learnt: learntOf(journey, words, ids),
  }
}

/** Returns the text of LESSON.md: each step with its reason, its command and what is to be learnt of it. */
export const lessonFile = (recap: Recap, lessonOf: LessonOf): string => {
  const body = [
    ...beginning(recap),
    ...recap.steps.flatMap((step, i) => section(step, i, lessonOf)),
  ]
  return `${[...body, ...ending(recap), ...terms(body.join('\n'))].join('\n')}\n`
}

const beginning = ({ headline }: Recap): string[] => [
  '# What was done, and why',
  '',
  headline,
  '',
  'Written by create-base-image at the end of its run. Once you have changed this file, it is left alone.',
  '',
]

const section = (step: RecapStep, index: number, lessonOf: LessonOf): string[] => {
  const lesson = lessonOf(step.id)
  return [
    `## ${index + 1}. ${step.title}`,
    '',
    step.why,
    '',
    ...(step.commands.length === 0
      ? []
      : [...step.commands.flatMap(command => indented(command)), '']),
    ...(step.result === null ? [] : [`Result: ${step.result}.`, '']),
    ...(lesson === null
      ? []
      : [
          `- **Look at**: ${lesson.look}`,
          `- **Remember**: ${lesson.idea}`,
          `- **Try**: ${lesson.try}`,
          '',
        ]),
  ]
}

const indented = (text: string): string[] => text.split('\n').map(line => `    ${line}`)

/** An image of our making that Docker's page has no commands for is one that no container makes. */
const againBy = ({ page, packages }: Outcome, steps: readonly RecapStep[]): string[] => {
  if (page === undefined && packages !== undefined)
    return [
      'Once more: `build.sh` (Linux, Mac) and `build.ps1` (Windows) in this folder call create-base-image.',
    ]
  const needs = compiledHere(steps)
    ? 'hold the same steps. They need an engine, and build.sh a C compiler for Linux, as was here.'
    : 'hold the same steps. They need nothing but an engine and what it fetches.'
  return [
    'Once more, without create-base-image: `build.sh` (Linux, Mac) and `build.ps1` (Windows) in this folder',
    page === undefined
      ? needs
      : 'need nothing but an engine. They use debootstrap, so the image has another ID. By hand it reads:',
  ]
}

const ending = ({ outcome, steps }: Recap): string[] =>
  outcome === null
    ? []
    : [
        '## The result',
        '',
        `The image \`${outcome.image}\` for ${outcome.platform}: ${size(outcome.uncompressedBytes)}.`,
        `${outcome.proven ? 'Proven' : 'Not proven'}: ${outcome.proof}.`,
        '',
        ...againBy(outcome, steps),
        ...(outcome.page === undefined ? [] : ['', ...outcome.page.flatMap(indented)]),
        '',
      ]

const compiledHere = (steps: readonly RecapStep[]): boolean =>
  steps.some(
    ({ id, commands }) => id === 'compile' && !/^(?:docker|podman) /.test(commands[0] ?? ''),
  )

/** The terms that the text uses, so that no word of it stays unexplained. */
const terms = (text: string): string[] => {
  const all = readGlossary()
  const used = all.filter(({ term, also }) => [term, ...also].some(name => hasWord(text, name)))
  return ['## The words', '', ...used.map(({ term, short }) => `- **${term}**: ${short}`), '', MORE]
}

const MORE = 'More on each: `create-base-image explain TERM`.'

/** Instructions, such as RUN, are common words in small letters, so those must stand as they are. */
const hasWord = (text: string, word: string): boolean => {
  const pattern = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const flags = word === word.toUpperCase() ? '' : 'i'
  return new RegExp(`(?<![\\w-])${pattern}s?(?![\\w-])`, flags).test(text)
}
