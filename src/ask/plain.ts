import {
  Back,
  checkOptions,
  Leave,
  type Asker,
  type ChoosePrompt,
  type PageLine,
  type WritePrompt,
} from './asker.ts'
import { harmless } from './prompt/text.ts'
import { chosenBy, narrowedList, numbered, howToChoose, wholeList } from './plain/list.ts'
import { lineReader, type LineSource } from './plain/line-reader.ts'
import { wrap } from '../text/wrap.ts'

/** Where plain questions are asked. */
export interface PlainTerminal {
  readonly stdin: LineSource
  readonly stdout: { readonly write: (text: string) => unknown; readonly columns?: number }
}

/**
 * Asks by plain lines, for screen readers and terminals that can't move their cursor: numbered options,
 * the words `back` and `leave`, nothing drawn twice, no escape codes.
 */
export const plainAsker = ({ stdin, stdout }: PlainTerminal): Asker => {
  const conversation = converseOn(stdin, stdout)
  let said: readonly string[] = []
  return {
    page: lines => {
      const texts = lines.filter(({ kind }) => kind === 'text').map(spoken)
      const same = texts.findIndex((text, i) => text !== said[i])
      conversation.say(...texts.slice(same === -1 ? texts.length : same))
      said = texts
    },
    settle: () => {
      said = []
    },
    choose: prompt => choose(conversation, prompt),
    write: prompt => write(conversation, prompt),
  }
}

/** Speaks and listens by lines. */
interface Conversation {
  readonly say: (...lines: readonly string[]) => void
  /** Asks without a line break, and returns what was typed. Throws Back and Leave. */
  readonly listen: (text: string) => Promise<string>
}

const converseOn = (stdin: LineSource, stdout: PlainTerminal['stdout']): Conversation => {
  const readLine = lineReader(stdin)
  // Where no width is known nothing is drawn, and what reads the lines breaks them itself.
  const { columns = Number.POSITIVE_INFINITY } = stdout
  const broken = (line: string): string[] => {
    const [indent = ''] = /^ */.exec(line) ?? []
    return wrap(harmless(line.trimStart()), columns, indent)
  }
  return {
    say: (...lines) => lines.flatMap(broken).forEach(line => stdout.write(`${line}\n`)),
    listen: async question => {
      const lines = broken(`${question}: `)
      stdout.write(lines.join('\n'))
      const text = (await readLine()).trim()
      if (text.toLowerCase() === 'back') throw new Back()
      if (text.toLowerCase() === 'leave') throw new Leave('word')
      return text
    },
  }
}

const choose = async ({ say, listen }: Conversation, prompt: ChoosePrompt): Promise<string> => {
  checkOptions(prompt)
  let list = wholeList(prompt)
  say(
    '',
    ...sayProblem(prompt.problem),
    prompt.message,
    ...optional(prompt.hint),
    ...numbered(list),
  )
  for (;;) {
    const text = await listen(`${howToChoose(list, prompt)} (${words(prompt)})`)
    const chosen = chosenBy(text, list, prompt)
    if (chosen !== null) return chosen
    if (prompt.filter) {
      const next = narrowedList(text, list, prompt)
      list = next.list
      say(...next.lines)
    } else say(`That is none of the numbers 1 to ${prompt.options.length}.`)
  }
}

const write = async ({ say, listen }: Conversation, prompt: WritePrompt): Promise<string> => {
  const { standard, typed = '', check } = prompt
  say('', ...sayProblem(prompt.problem), prompt.message, ...optional(prompt.hint))
  if (typed !== '') say(`It was: ${typed}`)
  const enter = standard === '' ? 'Type it' : `Type it, or press Enter for ${standard}`
  for (;;) {
    const text = (await listen(`${enter} (${words(prompt)})`)) || standard
    const reasons = check(text)
    if (reasons === null) return text
    say(...sayProblem(reasons))
  }
}

const spoken = ({ lead = '', text }: PageLine): string => `${lead}${text}`

const optional = (hint: string | undefined): string[] => (hint === undefined ? [] : [hint])

const sayProblem = (problem: readonly string[] = []): string[] =>
  problem.map((line, i) => (i === 0 ? `Problem: ${line}` : line))

const words = ({ first, filter }: Partial<ChoosePrompt>): string =>
  `or: ${filter ? 'all, ' : ''}${first === true ? '' : 'back, '}leave`
