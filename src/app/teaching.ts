import { performance } from 'node:perf_hooks'
import { Leave } from '../ask/asker.ts'
import type { Pause } from '../ask/pause.ts'
import type { Facts } from '../engine/facts.ts'
import { changedBy, type Workplace } from '../learn/changed.ts'
import { stepLessons, type LessonOf, type LessonWords } from '../learn/steps.ts'
import { afterText, beforeText, skippedText, type Page, type TaughtStep } from '../learn/teach.ts'
import type { Plan, Step } from '../plan/types.ts'
import type { Event, StepDone, StepSkipped, StepStarted, View } from '../run/events.ts'
import { childEnvironment } from '../run/process/environment.ts'

/** What a lesson needs of its surroundings. */
export interface TeachingOptions {
  readonly plan: Plan
  readonly facts: Facts
  readonly env: NodeJS.ProcessEnv
  readonly words: LessonWords
  readonly page: () => Page
  readonly write: (text: string) => void | Promise<void>
  /** Null when nobody can be asked: then everything is printed and nothing waits. */
  readonly pause: Pause | null
  /** The person leaves in the middle of the lesson. */
  readonly stop: () => void
}

/** Returns a view that explains each step before it runs and shows after it what changed, around the view that it is given. */
export const teachingView = (inner: View, options: TeachingOptions): View => {
  const lesson: Lesson = {
    ...options,
    lessonOf: stepLessons(options.plan.journey, options.words),
    aside: inner.aside ?? (work => work()),
    commands: new Map(),
    printed: [],
    last: '',
    waited: 0,
    over: false,
  }
  return {
    ...inner,
    show: async events => {
      for (const group of groups(events)) await showGroup(group, inner, lesson)
    },
    waited: () => lesson.waited,
  }
}

interface Lesson extends TeachingOptions {
  readonly lessonOf: LessonOf
  readonly aside: NonNullable<View['aside']>
  /** The commands of each step as they ran. */
  readonly commands: Map<string, readonly string[]>
  /** What the step's commands have printed so far. */
  readonly printed: string[]
  /** What was said of the step before. */
  last: string
  /** Milliseconds that were spent on reading. */
  waited: number
  /** True after the last step: leaving now leaves nothing undone. */
  over: boolean
}

/** Events that are taught are shown alone; what comes in masses stays together. */
const groups = (events: readonly Event[]): Event[][] => {
  const all: Event[][] = []
  for (const event of events) {
    const before = all.at(-1)
    if (before === undefined || TAUGHT.has(event.type) || TAUGHT.has(before[0]!.type))
      all.push([event])
    else before.push(event)
  }
  return all
}

const TAUGHT: ReadonlySet<Event['type']> = new Set(['step-started', 'step-done', 'step-skipped'])

const showGroup = async (events: Event[], inner: View, lesson: Lesson): Promise<void> => {
  const [event] = events
  if (event === undefined) return
  if (!TAUGHT.has(event.type)) {
    for (const one of events) if (one.type === 'output') lesson.printed.push(one.line)
    await inner.show(events)
  } else await teach(event, inner, lesson)
}

const teach = async (event: Event, inner: View, lesson: Lesson): Promise<void> => {
  if (event.type === 'step-started') {
    lesson.commands.set(event.step, event.commands)
    lesson.printed.splice(0)
    await apart(lesson, () => before(event, lesson))
  }
  await inner.show([event])
  if (event.type === 'step-done') await apart(lesson, () => after(event, lesson))
  if (event.type === 'step-skipped') await apart(lesson, () => skipped(event, lesson))
}

/** The terminal belongs to the lesson, and the run's clock is paused. */
const apart = async (lesson: Lesson, work: () => Promise<void>): Promise<void> => {
  const began = performance.now()
  try {
    await lesson.aside(work)
  } catch (error) {
    if (!(error instanceof Leave)) throw error
    if (!lesson.over) lesson.stop()
  } finally {
    lesson.waited += performance.now() - began
  }
}

const before = async ({ step }: StepStarted, lesson: Lesson): Promise<void> => {
  await say(beforeText(taught(step, lesson), lesson.page()), lesson, 'run this step')
}

const after = async ({ step }: StepDone, lesson: Lesson): Promise<void> => {
  const page = lesson.page()
  const found = taught(step, lesson)
  const one = stepOf(step, lesson)
  const printed = one?.to.kind === 'proof' ? lesson.printed : []
  const changed = await changes(one, found.commands, lesson)
  lesson.over = isLast(found)
  const after = `\n${afterText(found, { changed, printed }, page)}`
  const whole = beforeText(found, page) + after
  await say(after, lesson, isLast(found) ? 'the end' : 'the next step', whole)
  lesson.last = whole
}

const skipped = async ({ step, reason }: StepSkipped, lesson: Lesson): Promise<void> => {
  const found = taught(step, lesson)
  lesson.over = isLast(found)
  const text = skippedText(found, reason, lesson.page())
  await say(text, lesson, isLast(found) ? 'the end' : 'the next step', text)
  lesson.last = text
}

const isLast = ({ number, total }: TaughtStep): boolean => number === total

/** Says it and waits; `again` is what b shows, by default the step before. */
const say = async (
  text: string,
  lesson: Lesson,
  what: string,
  previous?: string,
): Promise<void> => {
  await lesson.write(text)
  const shown = (previous ?? lesson.last) || '\nThere is no step before this one.\n'
  await lesson.pause?.(what, () => shown)
}

/** What can't be inspected is not worth a failed run. */
const changes = async (
  step: Step | undefined,
  commands: readonly string[],
  { plan, facts, env, page }: Lesson,
): Promise<string[]> => {
  if (step === undefined) return []
  const { width, unicode } = page()
  const workplace: Workplace = {
    directory: plan.directory,
    client:
      facts.engine === null
        ? null
        : {
            program: facts.engine.client,
            cwd: process.cwd(),
            env: childEnvironment(facts, env),
          },
  }
  return changedBy(step, commands, workplace, { width: width - 4, unicode }).catch(() => [])
}

const stepOf = (id: string, { plan }: Lesson): Step | undefined =>
  plan.steps.find(step => step.id === id)

const taught = (id: string, lesson: Lesson): TaughtStep => {
  const { steps } = lesson.plan
  const step = stepOf(id, lesson)
  return {
    number: steps.findIndex(one => one.id === id) + 1,
    total: steps.length,
    title: step?.title ?? id,
    why: step?.why ?? '',
    commands: lesson.commands.get(id) ?? [],
    lesson: lesson.lessonOf(id),
  }
}
