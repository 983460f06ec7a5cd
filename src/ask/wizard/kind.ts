import { questions } from '../questions/index.ts'
import { Back, type Asker, type Option } from '../asker.ts'
import { adviceFor, DOUBTS, type Advice, type Doubt, type OfficialName } from './advice.ts'
import { choicesOf, labelOf, optionOf, problemFor, promptOf } from './ask-question.ts'
import type { StepContext, Step } from './step.ts'

/** The first question: which kind of image, or help with that. */
export const kindStep: Step = {
  name: 'kind',
  label: promptOf('kind').label,
  matters: () => true,
  shown: text => labelOf('kind', text),
  ask: async context => {
    const { asker } = context
    let { problem } = problemFor('kind', context.state)
    let initial = context.state.kept.kind ?? 'minimal'
    for (;;) {
      const chosen = await askDoor(context, initial, problem)
      if (chosen !== HELP.value) return chosen
      const kind = await advised(asker)
      if (kind !== null) return kind
      initial = chosen
      problem = undefined
    }
  },
}

/** The person takes the advice to use an official image; there is nothing to make. */
export class NothingToMake extends Error {
  override readonly name = 'NothingToMake'
  readonly lines: readonly string[]

  constructor(lines: readonly string[]) {
    super(lines.join(' '))
    this.lines = lines
  }
}

/** The person wants a Dockerfile that starts from an official image. */
export class UseOfficial extends Error {
  override readonly name = 'UseOfficial'
  readonly official: OfficialName

  constructor(official: OfficialName) {
    super(`use the official image for ${official}`)
    this.official = official
  }
}

const askDoor = (
  { asker, first }: StepContext,
  initial: string,
  problem: readonly string[] | undefined,
): Promise<string> => {
  const { label: _, ...words } = promptOf('kind')
  const choices = questions.kind.choices === undefined ? [] : choicesOf('kind')
  return asker.choose({
    ...words,
    hint: `${words.hint ?? ''} ${ORIENTATION}`.trim(),
    first,
    initial,
    options: [...choices.map(optionOf), HELP],
    ...(problem === undefined ? {} : { problem }),
  })
}

/** What will be there in the end, how long it takes, and how much is downloaded; details are in the review. */
const ORIENTATION =
  'You end up with an image that has run, and a folder to make it again. Minimal takes seconds, or a minute and up to 100 MB where a compiler must be fetched; full takes a minute or two and up to 100 MB.'

const HELP: Option = {
  value: 'help',
  label: 'Help me decide',
  says: 'Often an official image is better: others rebuild it for every fix.',
}

/** The kind of image that the person continues with, or null when they are back at the door. */
const advised = async (asker: Asker): Promise<string | null> => {
  const answers: boolean[] = []
  for (;;) {
    const next = adviceFor(answers)
    try {
      if (isAdvice(next)) return await follow(asker, next)
      answers.push(await askDoubt(asker, next))
    } catch (error) {
      if (!(error instanceof Back)) throw error
      if (answers.pop() === undefined) return null
    }
  }
}

const isAdvice = (next: Advice | Doubt): next is Advice => 'reason' in next

const askDoubt = async (asker: Asker, doubt: Doubt): Promise<boolean> => {
  const { message, yes, no } = DOUBTS[doubt.about]
  const chosen = await asker.choose({
    message,
    options: [
      { value: 'yes', label: 'Yes', says: yes },
      { value: 'no', label: 'No', says: no },
    ],
  })
  return chosen === 'yes'
}

const follow = async (asker: Asker, { title, reason, make, instead, official = [] }: Advice) => {
  const goOn = { value: make, label: `Make a ${make} image` }
  const chosen = await asker.choose({
    message: title,
    hint: reason,
    options:
      instead === null ? [goOn, DOOR] : [WRITE, { ...goOn, ...ALL_THE_SAME[make] }, STOP, DOOR],
  })
  if (chosen === WRITE.value) throw new UseOfficial(await askOfficial(asker, official))
  if (chosen === STOP.value) throw new NothingToMake(instead ?? [])
  return chosen === DOOR.value ? null : chosen
}

const askOfficial = async (
  asker: Asker,
  official: readonly OfficialName[],
): Promise<OfficialName> => {
  const [first = 'debian'] = official
  if (official.length < 2) return first
  const chosen = await asker.choose({
    message: 'What is the program written in?',
    options: official.map(name => ({ value: name, ...LANGUAGES[name] })),
  })
  return official.find(name => name === chosen) ?? first
}

const LANGUAGES: Readonly<Record<OfficialName, { label: string; says: string }>> = {
  python: { label: 'Python', says: 'FROM python:3-alpine' },
  node: { label: 'Node.js', says: 'FROM node:lts-alpine' },
  java: { label: 'Java', says: 'FROM eclipse-temurin:21-alpine' },
  debian: { label: 'Something else', says: 'FROM debian:stable-slim, and packages of your choice' },
}

const WRITE: Option = {
  value: 'official',
  label: 'Write a Dockerfile that starts FROM it',
  says: 'With a small program, in a folder of its own; built when an engine is here.',
}
const ALL_THE_SAME = {
  minimal: {
    label: 'Make a minimal one anyway',
    says: 'To see how it works: it takes a minute, and hello.c is included.',
  },
  full: {
    label: 'Make a full one anyway',
    says: 'To see how it works: it takes a minute or two.',
  },
}
const STOP: Option = { value: 'stop', label: 'Thanks, that is all', says: 'Nothing is written.' }
const DOOR: Option = { value: 'door', label: 'Back to the first question' }
