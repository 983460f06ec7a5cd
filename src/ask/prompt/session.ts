import { setImmediate as nextTurn } from 'node:timers/promises'
import { Back, Leave } from '../asker.ts'
import type { Hooks, LivePrompt } from './enquirer.ts'
import { holdTerminal, type Hold } from './hold.ts'
import type { Key, KeySource } from './keys.ts'

/** What a question needs of the terminal while it is asked. */
export interface Session {
  readonly stdin: KeySource
  readonly stdout: Pick<NodeJS.WriteStream, 'write' | 'on' | 'off'>
  readonly draw: (prompt: LivePrompt) => void
  /** Takes the question off the screen. */
  readonly clear: () => void
  /** When it settles, the question is drawn once more. */
  readonly redrawWhen?: Promise<unknown>
  /** The window has another size: draws again what is above the question. */
  readonly resized: () => void
  /** Another program used the screen: draws what is above the question once more, below that. */
  readonly resumed: () => void
}

/**
 * Asks one question and returns its answer, with the terminal as it was before. Throws Back and Leave.
 * `make` makes the prompt with the hooks it gets; `takes` is true for a text that is an answer.
 */
export const runPrompt = async (
  session: Session,
  takes: Hooks['takes'],
  make: (hooks: Hooks) => LivePrompt,
): Promise<string> => {
  const defect = defer()
  const drawing = oncePerTurn(() => {
    if (!resizing.isPending()) session.draw(prompt)
  })
  let hold: Hold | null = null
  const start = (): void => {
    try {
      hold = takeTerminal(session, prompt, ending, drawing.schedule, defect.fail)
    } catch (error) {
      defect.fail(error)
    }
  }
  const ending: Ending = { reason: null }
  const prompt = make({ start, draw: drawing.schedule, takes })
  const resizing = whenQuiet(() => {
    session.resized()
    drawing.schedule()
  })
  session.stdout.on('resize', resizing.schedule)
  let open = true
  const drawAgain = (): void => {
    if (open) drawing.schedule()
  }
  void session.redrawWhen?.then(drawAgain, drawAgain)
  try {
    return await Promise.race([prompt.run(), defect.promise])
  } catch (error) {
    throw ending.reason ?? error
  } finally {
    session.stdout.off('resize', resizing.schedule)
    open = false
    resizing.cancel()
    drawing.cancel()
    session.clear()
    ;(hold as Hold | null)?.release()
    // Ink gets no keys when it begins to listen before this turn has ended.
    await nextTurn()
  }
}

/** Why the question ended without an answer; enquirer itself only says the empty text. */
interface Ending {
  reason: Back | Leave | null
}

const takeTerminal = (
  session: Session,
  prompt: LivePrompt,
  ending: Ending,
  draw: () => void,
  fail: (error: unknown) => void,
): Hold => {
  let work: Promise<unknown> = Promise.resolve()
  const later = (job: () => unknown): void => {
    work = work.then(() => (prompt.state.submitted ? undefined : job())).catch(fail)
  }
  const leave = (reason: Back | Leave): Promise<void> => {
    ending.reason = reason
    return prompt.cancel()
  }
  const hold = holdTerminal({
    ...session,
    onKey: (text, key) =>
      later(() => {
        const meaning = meaningOf(key, prompt)
        if (meaning === 'suspend') return hold.suspend()
        if (meaning === 'back') return leave(new Back())
        if (meaning !== null) return leave(new Leave(meaning))
        return prompt.keypress(text, key)
      }),
    // A terminal in raw mode has no key that ends its input.
    onEnd: () => later(() => leave(new Leave('hang-up'))),
    onInterrupt: () => later(() => leave(new Leave('ctrl-c'))),
    onResume: () => {
      session.resumed()
      draw()
    },
  })
  return hold
}

const meaningOf = (
  { name, ctrl = false, meta = false }: Key,
  { input, filters }: LivePrompt,
): 'suspend' | 'back' | 'ctrl-c' | 'ctrl-d' | null => {
  if (name === 'escape') return filters && input !== '' ? null : 'back'
  if (!ctrl || meta) return null
  if (name === 'c') return 'ctrl-c'
  if (name === 'd' && input === '') return 'ctrl-d'
  return name === 'z' ? 'suspend' : null
}

/** Many requests in one turn are one call, so that a long paste draws once. */
const oncePerTurn = (work: () => void): { schedule: () => void; cancel: () => void } => {
  let pending: NodeJS.Immediate | undefined
  return {
    schedule: () => {
      pending ??= setImmediate(() => {
        pending = undefined
        work()
      })
    },
    cancel: () => clearImmediate(pending),
  }
}

/** One call after the last request of many: a terminal folds its lines while its border is dragged. */
const whenQuiet = (
  work: () => void,
): { schedule: () => void; cancel: () => void; isPending: () => boolean } => {
  let pending: NodeJS.Timeout | undefined
  return {
    schedule: () => {
      clearTimeout(pending)
      pending = setTimeout(() => {
        pending = undefined
        work()
      }, QUIET)
    },
    cancel: () => clearTimeout(pending),
    isPending: () => pending !== undefined,
  }
}

/** Milliseconds without a resize after which the next one is not expected. */
const QUIET = 60

const defer = (): { promise: Promise<never>; fail: (error: unknown) => void } => {
  let fail: (error: unknown) => void = () => undefined
  const promise = new Promise<never>((_, reject) => {
    fail = reject
  })
  return { promise, fail }
}
