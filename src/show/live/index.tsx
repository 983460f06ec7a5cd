import { performance } from 'node:perf_hooks'
import type { Event, Intent, StepFailed, View } from '../../run/events.ts'
import { frameOf, SPINNER_PACE, type Frame } from './frame.ts'
import { actionsFor, choose, initialChoice, type Choice } from './keys.ts'
import { lastingText } from './lasting.ts'
import type { Size } from './layout.ts'
import { paintLine } from './line.ts'
import { lookFor, type ViewStyle } from './look.ts'
import { openScreen, type OpenScreen } from './open-screen.tsx'
import { suspend } from '../../terminal/suspend.ts'
import { createPace, TURN, type Pace } from './pace.ts'
import { initialState, reduce, type ViewState } from './state.ts'

export interface LiveOptions {
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
  /** Ctrl-C was pressed; called at each press. */
  readonly onStop: () => void
  readonly colour: boolean
  /** Whether the terminal draws signs beyond ASCII. */
  readonly unicode: boolean
  /** Asks what to do after a failure, on a terminal that was given back; by default the run stops. */
  readonly decide?: (failure: StepFailed) => Promise<Intent>
  /** The time in milliseconds; by default the machine's clock. */
  readonly now?: () => number
}

/** Draws a run as it goes: what is finished stays, what is in flight moves below it. For a terminal only. */
export const liveView = (options: LiveOptions): View => {
  const live = startLive(options)
  return {
    show: events => take(live, events),
    decide: async failure => {
      release(live)
      const intent = (await options.decide?.(failure)) ?? 'stop'
      // Ink would get no keys while stdin is still being paused by the prompt.
      await new Promise(resolve => setImmediate(resolve))
      if (intent === 'retry' || intent === 'continue') live.asking = false
      return intent
    },
    aside: async work => {
      release(live)
      try {
        await work()
      } finally {
        // Ink would get no keys while stdin is still being paused by what read them.
        await new Promise(resolve => setImmediate(resolve))
        live.asking = false
        live.dirty = true
      }
    },
    close: () => {
      release(live)
      clearInterval(live.timer)
      options.stdout.off('resize', live.onResize)
      process.off('SIGCONT', live.onContinue)
    },
  }
}

interface Live {
  readonly options: LiveOptions
  readonly look: ViewStyle
  readonly pace: Pace
  readonly now: () => number
  readonly timer: NodeJS.Timeout
  readonly onResize: () => void
  readonly onContinue: () => void
  state: ViewState
  choice: Choice
  /** Events that no drawing has taken in yet. */
  waiting: Event[]
  /** How many of the lasting events are on the screen. */
  printed: number
  screen: OpenScreen | null
  frame: Frame
  /** The spinner's and the clock's time of the last drawing. */
  beat: number
  dirty: boolean
  /** When the window last got another size. */
  resized: number
  /** True while the terminal is somebody else's. */
  asking: boolean
  /** True while that is the shell, until the person is back or something else takes the terminal. */
  paused: boolean
}

/** Events that a person should not wait for. */
const URGENT: ReadonlySet<Event['type']> = new Set(['plan', 'stopped'])

/** Milliseconds without a resize after which the next is not expected: a drawing for a past width erases lasting lines. */
const QUIET = 60

/** This many waiting events are taken in without a drawing, which keeps memory flat. */
const WAITING = 2000

const startLive = (options: LiveOptions): Live => {
  const live: Live = {
    options,
    look: lookFor(options),
    pace: createPace(),
    now: options.now ?? (() => performance.now()),
    // Timers come before signals: after a stop, SIGCONT must be heard before anything is drawn.
    timer: setInterval(() => setImmediate(() => beat(live)), TURN),
    onResize: () => {
      live.dirty = true
      live.resized = live.now()
    },
    onContinue: () => {
      live.screen?.resume()
      live.dirty = true
    },
    state: initialState,
    choice: initialChoice,
    waiting: [],
    printed: 0,
    screen: null,
    frame: { lines: [], place: null },
    beat: -1,
    dirty: false,
    resized: Number.NEGATIVE_INFINITY,
    asking: false,
    paused: false,
  }
  options.stdout.on('resize', live.onResize)
  process.on('SIGCONT', live.onContinue)
  return live
}

const take = (live: Live, events: readonly Event[]): void => {
  for (const event of events) live.waiting.push(event)
  live.dirty = true
  if (live.waiting.length > WAITING) catchUp(live)
  if (events.some(event => URGENT.has(event.type))) draw(live, true)
}

const catchUp = (live: Live): void => {
  live.state = reduce(live.state, live.waiting, live.now())
  live.waiting = []
}

/** The spinner and the clock move by themselves; everything else is drawn when it changed. */
const beat = (live: Live): void => {
  const moves = live.state.phase === 'running' || live.state.phase === 'stopping'
  if (live.dirty || (moves && beatOf(live) !== live.beat)) draw(live, false)
}

const beatOf = (live: Live): number => Math.floor(live.now() / SPINNER_PACE)

const draw = (live: Live, urgent: boolean): void => {
  const now = live.now()
  if (live.asking || now - live.resized < QUIET) return
  if (live.options.stdout.writableNeedDrain || !live.pace.allows(now, urgent)) return
  live.pace.drawn(now)
  paint(live)
}

const paint = (live: Live): void => {
  const { options, look } = live
  catchUp(live)
  if (live.state.phase === 'waiting') return
  const size = sizeOf(options.stdout)
  live.screen ??= openScreen({ ...options, onInput: (...typed) => press(live, ...typed) })
  live.frame = frameOf({ ...live, size, now: live.now(), keys: options.stdin.isTTY })
  live.screen.draw(
    lastingTexts(live, size),
    live.frame.lines.map(line => paintLine(line, look.paint)),
  )
  live.beat = beatOf(live)
  live.dirty = false
}

/** The texts that are not on the screen yet. */
const lastingTexts = (live: Live, size: Size): readonly string[] => {
  const { lasting, steps } = live.state
  const texts = lasting.slice(live.printed).map(event => lastingText(event, steps, live.look, size))
  live.printed = lasting.length
  return texts
}

/** Puts everything that stays on the screen and gives the terminal back. */
const release = (live: Live): void => {
  if (live.screen === null) printRest(live)
  else {
    paint(live)
    live.screen.close()
  }
  live.screen = null
  live.asking = true
  live.paused = false
}

/** What still came after the terminal was given back, as plain writes. */
const printRest = (live: Live): void => {
  catchUp(live)
  const texts = lastingTexts(live, sizeOf(live.options.stdout))
  if (texts.length > 0) live.options.stdout.write(`${texts.join('\n')}\n`)
}

const press = (live: Live, ...typed: Parameters<typeof actionsFor>): void => {
  for (const action of actionsFor(...typed)) {
    if (action === 'suspend') return pause(live)
    if (action === 'stop') live.options.onStop()
    live.choice = choose(live.choice, action, live.frame.place)
    live.dirty = true
  }
  draw(live, true)
}

/** Returns the terminal to the shell, and takes it again when the person is back. */
const pause = (live: Live): void => {
  release(live)
  live.paused = true
  suspend(() => {
    if (!live.paused) return
    live.paused = false
    live.asking = false
    live.dirty = true
    draw(live, true)
  })
}

const sizeOf = ({ columns, rows }: NodeJS.WriteStream): Size => ({
  columns: columns || 80,
  rows: rows || 24,
})
