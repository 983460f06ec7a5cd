import { Back, type Asker, type Option, type PageLine } from '../../../src/ask/asker.ts'
import { parseFlags } from '../../../src/ask/flags.ts'
import type { FullAnswers } from '../../../src/ask/answers.ts'
import { runWizard, type WizardEnd } from '../../../src/ask/wizard.ts'
import type { Facts } from '../../../src/engine/facts.ts'

/** What is done at a question: a value or a text, Enter, or Esc. */
export type Reply = string | typeof ENTER | typeof ESC

export const ENTER = Symbol('Enter')
export const ESC = Symbol('Esc')

/** A question as it was asked. */
export interface Asked {
  readonly message: string
  readonly problem: readonly string[]
  readonly options: readonly Option[]
  readonly initial: string
  /** The lines above it, labels and answers with one space between. */
  readonly above: readonly string[]
}

/** What a scripted wizard did. */
export interface Session {
  readonly end: WizardEnd
  readonly asked: readonly Asked[]
  /** The last question whose message matches. */
  readonly last: (message: RegExp) => Asked
  /** The full image's answers at the end. */
  readonly answers: FullAnswers
}

export const FACTS: Facts = {
  version: 1,
  platform: 'linux',
  arch: 'amd64',
  engine: {
    kind: 'docker',
    client: 'docker',
    clientVersion: '28.2.2',
    serverVersion: '28.2.2',
    apiVersion: '1.50',
    serverName: 'Engine',
    os: 'linux',
    arch: 'amd64',
    rootless: false,
    store: 'classic',
    builder: 'classic',
    buildxVersion: null,
    remote: false,
  },
  engineProblem: null,
  compiler: { cc: null, muslGcc: null },
  privateRoot: null,
  zoneinfo: true,
  host: null,
  archive: null,
}

/** No engine answers, and one line of what is to be done is of no use for a full image. */
export const NO_ENGINE: Partial<Facts> = {
  engine: null,
  engineProblem: {
    code: 'no-daemon',
    what: 'Its service is not running.',
    todo: ['Start it.', 'Or make an archive: --engine none'],
    lacks: true,
  },
}

export const HOST: Facts['host'] = { root: 'sudo', debootstrap: '/usr/sbin/debootstrap' }

/**
 * Runs the wizard with replies: each is for the next question whose message has its words in it; every other
 * question is answered by Enter. Throws when a reply is left, or is not an answer.
 */
export const wizard = async (
  argv: readonly string[],
  replies: readonly (readonly [message: string, reply: Reply])[],
  facts: Partial<Facts> = {},
  then: Partial<Facts> = facts,
): Promise<Session> => {
  const asked: Asked[] = []
  const left = [...replies]
  let above: string[] = []
  const replyTo = (message: string): Reply => {
    if (asked.length > 60) throw new Error(`No end: ${message}`)
    const [next] = left
    if (next === undefined || !message.includes(next[0])) return ENTER
    left.shift()
    if (next[1] === ESC) throw new Back()
    return next[1]
  }
  const asker: Asker = {
    page: (lines: readonly PageLine[]) => {
      above = lines.map(({ lead = '', text }) => `${lead.trim()} ${text}`.trim()).filter(Boolean)
    },
    settle: () => undefined,
    choose: async ({ message, problem = [], options, initial: wished }) => {
      // What both askers do with a value that is not an option.
      const initial = (options.find(({ value }) => value === wished) ?? options[0]!).value
      asked.push({ message, problem, options, initial, above })
      const reply = replyTo(message)
      if (reply === ENTER) return initial
      if (options.some(({ value }) => value === reply)) return String(reply)
      throw new Error(`${String(reply)} is none of ${options.map(({ value }) => value).join()}`)
    },
    write: async ({ message, problem = [], standard, typed = '', check }) => {
      asked.push({ message, problem, options: [], initial: typed || standard, above })
      const reply = replyTo(message)
      const text = reply === ENTER ? typed || standard : String(reply) || standard
      const bad = check(text)
      if (bad !== null) throw new Error(`${text}: ${bad.join(' ')}`)
      return text
    },
  }
  const end = await runWizard({
    flags: parseFlags(argv),
    cwd: '/nowhere',
    asker,
    facts: Promise.resolve({ ...FACTS, ...facts }),
    recheck: async () => ({ ...FACTS, ...then }),
    review: ({ answers }) => ({ lines: [`review of ${answers.tag}`] }),
  })
  if (left.length > 0) throw new Error(`Never asked: ${left.map(([message]) => message).join()}`)
  return {
    end,
    asked,
    last: message => asked.findLast(one => message.test(one.message))!,
    answers: ('given' in end ? end.given.answers : null) as FullAnswers,
  }
}
