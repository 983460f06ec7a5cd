import { UsageError } from '../errors.ts'
import {
  checkOptions,
  letterOf,
  type Asker,
  type ChoosePrompt,
  type PageLine,
  type WritePrompt,
} from './asker.ts'
import { filterPrompt, inputPrompt, selectPrompt, type LivePrompt } from './prompt/enquirer.ts'
import { narrowed } from './prompt/filter.ts'
import type { KeySource } from './prompt/keys.ts'
import { pageLines, writeFrame } from './prompt/layout.ts'
import { chooseFrame } from './prompt/list.ts'
import { lookFor, type PromptStyle } from './prompt/look.ts'
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

/** Asks by enquirer, with keys. Its questions throw Back, Leave, and UsageError when stdin is not a terminal. */
export const promptAsker = (terminal: AskTerminal): Asker => {
  const stage = stageOn(terminal)
  return {
    page: stage.page,
    settle: stage.settle,
    choose: prompt => chooseOn(stage, prompt),
    write: prompt => writeOn(stage, prompt),
  }
}

/** The terminal with what is drawn on it. */
interface Stage extends AskTerminal {
  readonly look: PromptStyle
  readonly window: () => Window
  /** The window's rows less those of the lines above; all of them where too few would be left. */
  readonly below: () => Window
  readonly page: Asker['page']
  readonly settle: Asker['settle']
  readonly session: (frame: (prompt: LivePrompt) => Frame, redrawWhen?: Promise<unknown>) => Session
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
  let pageRows = 0
  const draw = (): void => {
    const drawn = pageLines(lines, look, window())
    pageRows = drawn.length
    painter.page(drawn)
  }
  const below = (): Window => {
    const { columns, rows } = window()
    return { columns, rows: Math.max(rows - pageRows, rows < TALL ? rows : LEAST_ROWS) }
  }
  const after = (prepare: () => void, next = lines): void => {
    prepare()
    lines = next
    draw()
  }
  const session: Stage['session'] = (frame, redrawWhen) => ({
    stdin,
    stdout,
    draw: prompt => {
      painter.frame(frame(prompt))
      terminal.drawn?.()
    },
    clear: painter.clear,
    ...(redrawWhen === undefined ? {} : { redrawWhen }),
    resized: () => after(painter.wipe),
    resumed: () => after(painter.forget),
  })
  return {
    ...terminal,
    look,
    window,
    below,
    session,
    page: next => after(() => undefined, next),
    settle: () => after(painter.forget, []),
  }
}

const chooseOn = async (
  { stdin, look, below, session }: Stage,
  prompt: ChoosePrompt,
): Promise<string> => {
  checkTerminal(stdin)
  checkOptions(prompt)
  const { digits = [] } = prompt
  const names = [...prompt.options.map(({ value }) => value), ...digits]
  const hidden = names.map(
    (_, i) => prompt.options[i] === undefined || prompt.options[i].rare === true,
  )
  const letters = prompt.options.map(letterOf)
  const initial = Math.max(0, names.indexOf(prompt.initial ?? ''))
  const list = { names, hidden, letters, initial, digits: digits.length }
  const asked = session(live => chooseFrame(prompt, live, look, below()), prompt.foresight?.known)
  return runPrompt(
    asked,
    () => true,
    hooks =>
      prompt.filter
        ? filterPrompt(list, text => narrowed(prompt.options, text), hooks)
        : selectPrompt(list, hooks),
  )
}

const writeOn = async (
  { stdin, look, below, session }: Stage,
  prompt: WritePrompt,
): Promise<string> => {
  checkTerminal(stdin)
  let now = prompt
  const takes = (text: string): boolean => {
    const problem = prompt.check(text.trim())
    if (problem !== null) now = { ...prompt, problem }
    return problem === null
  }
  const asked = session(
    ({ input, cursor }) => writeFrame(now, { text: input, cursor }, look, below()),
    prompt.foresight?.known,
  )
  const { standard: initial, typed = '', complete } = prompt
  const completed = (text: string): string => {
    const next = complete?.(text) ?? { text, found: [] }
    const { problem: _, ...before } = now
    now =
      next.found.length < 2
        ? prompt
        : { ...before, hint: next.found.slice(0, MOST_NAMES).join('  ') }
    return next.text
  }
  const line = { initial, typed, completed }
  const text = await runPrompt(asked, takes, hooks => inputPrompt(line, hooks))
  return text.trim()
}

/** Windows of this many rows keep their top: a question there is drawn in what the lines above leave, or in these rows. */
const TALL = 20
const LEAST_ROWS = 9

/** This many names that a path may become are shown. */
const MOST_NAMES = 24

const checkTerminal = ({ isTTY }: KeySource): void => {
  if (isTTY) return
  throw new UsageError('Questions need a terminal, and stdin is not one.', [
    'Take the defaults: create-base-image --yes',
  ])
}
