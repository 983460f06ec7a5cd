import { UsageError } from '../errors.ts'
import {
  checkOptions,
  letterOf,
  type Asker,
  type ChooseAsk,
  type PageLine,
  type WriteAsk,
} from './asker.ts'
import { filterPrompt, inputPrompt, selectPrompt, type LivePrompt } from './prompt/enquirer.ts'
import { narrowed } from './prompt/filter.ts'
import type { KeySource } from './prompt/keys.ts'
import { pageLines, writeFrame } from './prompt/layout.ts'
import { chooseFrame } from './prompt/list.ts'
import { lookFor, type Look } from './prompt/look.ts'
import { painterOn, type Frame } from './prompt/painter.ts'
import type { Window } from './prompt/parts.ts'
import { runPrompt, type Session } from './prompt/session.ts'

/** The terminal that questions are asked on. */
export interface AskTerminal {
  readonly stdin: KeySource
  readonly stdout: Pick<NodeJS.WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows'>
  readonly colour: boolean
  /** Called each time a question has been drawn. */
  readonly drawn?: () => void
}

/** Asks by enquirer, with keys. Its questions throw Back, Leave, and UsageError when stdin is no terminal. */
export const promptAsker = (terminal: AskTerminal): Asker => {
  const stage = stageOn(terminal)
  return {
    page: stage.page,
    settle: stage.settle,
    choose: ask => chooseOn(stage, ask),
    write: ask => writeOn(stage, ask),
  }
}

/** The terminal with what is drawn on it. */
interface Stage extends AskTerminal {
  readonly look: Look
  readonly window: () => Window
  readonly page: Asker['page']
  readonly settle: Asker['settle']
  readonly session: (frame: (prompt: LivePrompt) => Frame) => Session
}

const stageOn = (terminal: AskTerminal): Stage => {
  const { stdin, stdout, colour } = terminal
  const look = lookFor(colour)
  const window = (): Window => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 })
  const painter = painterOn({
    write: text => stdout.write(text),
    get columns() {
      return window().columns
    },
  })
  let lines: readonly PageLine[] = []
  const draw = (): void => painter.page(pageLines(lines, look, window()))
  const after = (prepare: () => void, next = lines): void => {
    prepare()
    lines = next
    draw()
  }
  const session = (frame: (prompt: LivePrompt) => Frame): Session => ({
    stdin,
    stdout,
    draw: prompt => {
      painter.frame(frame(prompt))
      terminal.drawn?.()
    },
    clear: painter.clear,
    resized: () => after(painter.wipe),
    resumed: () => after(painter.forget),
  })
  return {
    ...terminal,
    look,
    window,
    session,
    page: next => after(() => undefined, next),
    settle: () => after(painter.forget, []),
  }
}

const chooseOn = async (
  { stdin, look, window, session }: Stage,
  ask: ChooseAsk,
): Promise<string> => {
  checkTerminal(stdin)
  checkOptions(ask)
  const names = ask.options.map(({ value }) => value)
  const hidden = ask.options.map(({ rare }) => rare === true)
  const letters = ask.options.map(letterOf)
  const list = { names, hidden, letters, initial: Math.max(0, names.indexOf(ask.initial ?? '')) }
  const asked = session(prompt => chooseFrame(ask, prompt, look, window()))
  return runPrompt(
    asked,
    () => true,
    hooks =>
      ask.filter
        ? filterPrompt(list, text => narrowed(ask.options, text), hooks)
        : selectPrompt(list, hooks),
  )
}

const writeOn = async ({ stdin, look, window, session }: Stage, ask: WriteAsk): Promise<string> => {
  checkTerminal(stdin)
  let now = ask
  const takes = (text: string): boolean => {
    const problem = ask.check(text.trim())
    if (problem !== null) now = { ...ask, problem }
    return problem === null
  }
  const asked = session(({ input, cursor }) =>
    writeFrame(now, { text: input, cursor }, look, window()),
  )
  const { standard: initial, typed = '', complete } = ask
  const completed = (text: string): string => {
    const next = complete?.(text) ?? { text, found: [] }
    const { problem: _, ...before } = now
    now =
      next.found.length < 2 ? ask : { ...before, hint: next.found.slice(0, MOST_NAMES).join('  ') }
    return next.text
  }
  const line = { initial, typed, completed }
  const text = await runPrompt(asked, takes, hooks => inputPrompt(line, hooks))
  return text.trim()
}

/** So many names that a path may become are shown. */
const MOST_NAMES = 24

const checkTerminal = ({ isTTY }: KeySource): void => {
  if (isTTY) return
  throw new UsageError('Questions need a terminal, and stdin is none.', [
    'Take the defaults: create-base-image --yes',
  ])
}
