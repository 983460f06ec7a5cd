/** The official images that a first Dockerfile can be written for. */
export type OfficialName = 'python' | 'node' | 'java' | 'debian'

/** What to recommend, and why. */
export interface Advice {
  readonly title: string
  readonly reason: string
  /** What we would make. */
  readonly make: 'minimal' | 'full'
  /** What the person does without us; null when an image of their own is right. */
  readonly instead: readonly string[] | null
  /** The official images to start from, for `instead`. */
  readonly official?: readonly OfficialName[]
}

/** A yes/no question on the way to an advice. */
export interface Doubt {
  readonly about: keyof typeof DOUBTS
}

/** The words of the yes/no questions: what each answer means. */
export const DOUBTS = {
  shell: {
    message: 'Need a shell or packages in it? (y/n)',
    yes: 'You want to look around in a running container, or install things with apt.',
    no: 'It only has to run one program.',
  },
  static: {
    message: 'Is the program one static file? (y/n)',
    yes: 'C, Go and Rust can be: libraries and all in one executable.',
    no: 'Python, Node.js and Java are not: they need a runtime and its files.',
  },
  own: {
    message: 'Must you choose every file yourself? (y/n)',
    yes: 'To learn how it is made, or because your rules say where each file comes from.',
    no: 'Others may choose the files and keep them up to date.',
  },
} as const

/**
 * The next yes/no question, or the advice once the answers so far decide it.
 * The first answer is about a shell; then comes the static file, if there is none; then whose files they are.
 */
export const adviceFor = (answers: readonly boolean[]): Advice | Doubt => {
  const [shell, ...rest] = answers
  if (shell === undefined) return { about: 'shell' }
  if (shell) return distribution(rest[0])
  const [isStatic, own] = rest
  if (isStatic === undefined) return { about: 'static' }
  if (isStatic) return MINIMAL
  return own === undefined ? { about: 'own' } : own ? FULL : RUNTIME
}

const MINIMAL: Advice = {
  title: 'Advice: a minimal image',
  reason:
    'One static program needs nothing around it. What is not in the image can be neither attacked nor out of date.',
  make: 'minimal',
  instead: null,
}

const FULL: Advice = {
  title: 'Advice: a full image',
  reason:
    'You need a distribution and want to know where each file of it comes from. It is yours to rebuild, too, when something in it must be fixed.',
  make: 'full',
  instead: null,
}

const OFFICIAL: Advice = {
  title: 'Advice: an official image',
  reason:
    'You need a distribution, but need not make it yourself. Official images are small, well known, and rebuilt when something in them must be fixed: debian:stable-slim or ubuntu:24.04.',
  make: 'full',
  instead: ['Start your Dockerfile with:  FROM debian:stable-slim'],
  official: ['debian'],
}

const RUNTIME: Advice = {
  title: 'Advice: an official image',
  reason:
    'Your program needs its runtime, and others keep one up to date for you: python:3-alpine, node:lts-alpine or eclipse-temurin.',
  make: 'minimal',
  instead: ['Start your Dockerfile with your language, for instance:  FROM python:3-alpine'],
  official: ['python', 'node', 'java', 'debian'],
}

const distribution = (own: boolean | undefined): Advice | Doubt => {
  if (own === undefined) return { about: 'own' }
  return own ? FULL : OFFICIAL
}
