import { UsageError } from '../errors.ts'
import { checkOptions, type Asker, type PageLine } from './asker.ts'
import { inputPrompt, selectPrompt, type LivePrompt } from './prompt/enquirer.ts'
import type { KeySource } from './prompt/keys.ts'
import { chooseFrame, pageLines, writeFrame, type Window } from './prompt/layout.ts'
import { lookFor } from './prompt/look.ts'
import { painterOn, type Frame } from './prompt/painter.ts'
import { runPrompt } from './prompt/session.ts'

/** The terminal that questions are asked on. */
export interface AskTerminal {
  readonly stdin: KeySource
  readonly stdout: Pick<NodeJS.WriteStream, 'write' | 'on' | 'off' | 'columns' | 'rows'>
  readonly colour: boolean
}

/** Asks by enquirer, with keys. Its questions throw Back, Leave, and UsageError when stdin is no terminal. */
export const promptAsker = ({ stdin, stdout, colour }: AskTerminal): Asker => {
  const look = lookFor(colour)
  const window = (): Window => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 })
  const painter = painterOn({
    write: text => stdout.write(text),
    get columns() {
      return window().columns
    },
  })
  let lines: readonly PageLine[] = []
  const page = (next: readonly PageLine[]): void => {
    lines = next
    painter.page(pageLines(lines, look, window()))
  }
  const sessionFor = (frame: (prompt: LivePrompt) => Frame): Parameters<typeof runPrompt>[0] => ({
    stdin,
    stdout,
    draw: prompt => painter.frame(frame(prompt)),
    clear: painter.clear,
    redrawPage: () => {
      painter.forget()
      page(lines)
    },
  })
  return {
    page,
    settle: () => {
      lines = []
      painter.forget()
    },
    choose: async ask => {
      checkTerminal(stdin)
      checkOptions(ask)
      const names = ask.options.map(({ value }) => value)
      const initial = Math.max(0, names.indexOf(ask.initial ?? ''))
      const session = sessionFor(({ index }) => chooseFrame(ask, index, look, window()))
      return runPrompt(
        session,
        () => true,
        hooks => selectPrompt({ names, initial }, hooks),
      )
    },
    write: async ask => {
      checkTerminal(stdin)
      let problem = ask.problem
      const session = sessionFor(({ input, cursor }) => {
        const now = problem === undefined ? ask : { ...ask, problem }
        return writeFrame(now, { text: input, cursor }, look, window())
      })
      const takes = (text: string): boolean => {
        const reasons = ask.check(text.trim())
        if (reasons !== null) problem = reasons
        return reasons === null
      }
      const { standard: initial, typed = '' } = ask
      const text = await runPrompt(session, takes, hooks => inputPrompt({ initial, typed }, hooks))
      return text.trim()
    },
  }
}

const checkTerminal = ({ isTTY }: KeySource): void => {
  if (isTTY) return
  throw new UsageError('Questions need a terminal, and stdin is none.', [
    'Take the defaults: create-base-image --yes',
  ])
}
