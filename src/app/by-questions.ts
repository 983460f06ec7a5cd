import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Given } from '../ask/answers.ts'
import type { Asker } from '../ask/asker.ts'
import { defaultsLine, readDefaults, silentDefaults } from '../ask/defaults.ts'
import type { Flags } from '../ask/flags.ts'
import { givenBy } from '../ask/given.ts'
import { homeOf } from '../ask/home.ts'
import { promptAsker } from '../ask/prompt.ts'
import { oneOf } from '../ask/one-of.ts'
import { askAfterFailure } from '../ask/wizard/after-failure.ts'
import { asAnswered, askAtHome, type AtHome } from '../ask/wizard/home.ts'
import type { Review } from '../ask/wizard/review.ts'
import type { WizardState } from '../ask/wizard/state.ts'
import { runWizard, type WizardEnd, type WizardOptions } from '../ask/wizard.ts'
import { readAsset } from '../assets.ts'
import type { Facts } from '../engine/facts.ts'
import { EXIT } from '../errors.ts'
import type { RunEnd } from '../run/run.ts'
import type { Io } from '../terminal/io.ts'
import { leaveAtOnce, stopSignals } from './signals.ts'

/** The wizard: asks, runs, and after a failure asks again. Returns the exit code. */
export const createByQuestions = async (flags: Flags, io: Io): Promise<number> => {
  const defaults = readDefaults(io.env)
  const silent = silentDefaults(flags, defaults)
  const first = withResolver()
  const asker = await askerFor(io, first.resolve)
  const probing = new AbortController()
  const withSilent = (flags: Flags): Flags => ({
    ...flags,
    questions: { ...silent, ...flags.questions },
  })
  const probe = async (): Promise<Facts> => {
    const { probeFacts } = await loadRest()
    return probeFacts({ ...probeWishes(withSilent(flags)), env: io.env, signal: probing.signal })
  }
  // The machine is looked at, and the view loaded, while the person reads the first question; when flags have
  // answered everything that can be asked without it, no question comes before.
  setTimeout(first.resolve, LONGEST_WAIT)
  let facts = first.promise.then(probe)
  if (io.terminal.animate) void first.promise.then(() => import('../show/live/index.tsx'))
  let earlier: WizardState | undefined
  try {
    const { chosen, known: said } = await askAtDoor(flags, asker, io)
    const known = chosen === 'other' ? withSilent(said) : said
    if (chosen === 'leave') return EXIT.cancelled
    if (chosen === 'exercise') return await (await import('../commands/index.ts')).check([], io)
    if (known.questions.recipe !== undefined)
      await (await import('./open-recipe.ts')).openRecipe(known, io.cwd)
    if (chosen === 'change') earlier = asAnswered(known, io.cwd)
    const defaultsNote = chosen === 'other' ? defaultsLine(defaults.path, silent) : ''
    let isRepeat = chosen === 'again' || chosen === 'check'
    for (;;) {
      const end = await (isRepeat
        ? unchangedAnswers(known, await facts, chosen === 'again', io.cwd)
        : runWizard({
            flags: known,
            cwd: io.cwd,
            asker,
            facts,
            nearby: async kind => (await import('./nearby.ts')).nearbyFiles(kind, io.cwd),
            recheck: () => (facts = probe()),
            review: (given, facts) => reviewOf(given, facts, known, defaultsNote),
            likely: defaults.texts,
            ...(io.terminal.plain ? {} : { ahead: outlook(first.promise) }),
            ...(earlier === undefined ? {} : { earlier }),
          }))
      isRepeat = false
      if (end.kind === 'leave') return end.code
      if (end.kind === 'script') return await showScript(end, io)
      if (end.kind === 'official')
        return await (await import('./official.ts')).makeOfficial(end, io)
      const run = await runAnswers(end, known, asker, io)
      if (!run.change) return run.exitCode
      earlier = { ...end.state, ran: true }
    }
  } finally {
    probing.abort()
  }
}

/** What is wanted, and the command line for it: in a project folder of ours with the folder's answers. */
const askAtDoor = async (
  flags: Flags,
  asker: Asker,
  { cwd }: Io,
): Promise<{ chosen: AtHome | 'exercise'; known: Flags }> => {
  const home = homeOf(flags, cwd)
  if (home === null) return { chosen: 'other', known: flags }
  const chosen = await askAtHome(asker, home)
  if (chosen === 'other') return { chosen, known: { ...flags, questions: {} } }
  const isExercise = chosen === 'check' && existsSync(join(cwd, '..', 'progress.txt'))
  return { chosen: isExercise ? 'exercise' : chosen, known: home.flags }
}

/** What a project folder's answers lead to, as the wizard would have ended. Throws UsageError when one is not valid. */
const unchangedAnswers = (flags: Flags, facts: Facts, force: boolean, cwd: string): WizardEnd => ({
  kind: 'run',
  given: givenBy(flags, cwd),
  facts,
  force,
  teach: false,
  state: asAnswered(flags, cwd),
})

/** How long the first question may take to be drawn, in milliseconds, before the machine is looked at anyway. */
const LONGEST_WAIT = 300

/** What looks at the machine, plans and runs; loaded behind the first question. */
const loadRest = () => import('./after-first-question.ts')

const withResolver = (): { promise: Promise<void>; resolve: () => void } => {
  let resolve = (): void => undefined
  const promise = new Promise<void>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}

/** Each asker is loaded only where it is used; `drawn` is called once a question is on the screen. */
const askerFor = async ({ terminal }: Io, drawn: () => void): Promise<Asker> => {
  const { stdin, stdout } = process
  if (terminal.plain) {
    drawn()
    return (await import('../ask/plain.ts')).plainAsker({ stdin, stdout })
  }
  return promptAsker({ stdin, stdout, colour: terminal.colour, drawn: () => setImmediate(drawn) })
}

/** The answers are not known yet, so everything is probed that they may depend on. */
const probeWishes = ({ questions: texts, switches }: Flags) => {
  const engines = ['auto', 'docker', 'podman', 'none'] as const
  const known = texts.engine !== undefined && engines.some(name => name === texts.engine)
  return {
    engine: known ? oneOf('engine', engines, texts.engine) : 'auto',
    alwaysPrivateRoot: true,
    kernelRoot: true,
    push: switches.push !== undefined,
    cosign: switches.sign !== undefined,
  } as const
}

/** What answers lead to; known once the plans are loaded, which is when the first question has been drawn. */
const outlook = (drawn: Promise<void>): NonNullable<WizardOptions['ahead']> => {
  let rest: Awaited<ReturnType<typeof loadRest>> | null = null
  const ready = drawn.then(loadRest).then(loaded => (rest = loaded))
  return {
    ready,
    of: (given, facts, question) =>
      rest === null ? null : rest.aheadOf(rest.planFor(given, facts), readAsset, question),
  }
}

const reviewOf = async (
  given: Given,
  facts: Facts,
  { switches }: Flags,
  told: string,
): Promise<Review> => {
  const { planFor, withLoginsNotice, admitGiven, openProject, reviewLines } = await loadRest()
  const plan = withLoginsNotice(planFor(given, facts), given, facts)
  await admitGiven(given, plan.image.arch, process.env)
  const archive = { plan, force: switches.force !== undefined }
  const project = openProject(plan.directory, plan.answers, true, archive)
  const lines = reviewLines(plan)
  return {
    lines: [...(told === '' ? [] : [told]), ...lines].map((text, i, { length }) => {
      if (text === told) return text
      // The answers say what the headline does; each step is seen as it runs.
      if (i === length - lines.length) return { text, spare: 3 as const }
      return i === length - 2 ? { text, spare: 1 as const } : text
    }),
    replaces: project.kind === 'replaced',
  }
}

const showScript = async (end: Extract<WizardEnd, { kind: 'script' }>, io: Io): Promise<number> => {
  const { printScript, archOf } = await loadRest()
  await io.out.write(printScript(end.script, end.given, archOf(process.arch), readAsset))
  return EXIT.done
}

const runAnswers = async (
  end: Extract<WizardEnd, { kind: 'run' }>,
  flags: Flags,
  asker: Asker,
  io: Io,
): Promise<RunEnd> => {
  const { switches } = flags
  const { planFor, withLoginsNotice, perform, fallBackFrom, INSTEAD } = await loadRest()
  const plan = withLoginsNotice(planFor(end.given, end.facts), end.given, end.facts)
  const stop = stopSignals(leaveAtOnce)
  const titleOf = (id: string): string => plan.steps.find(step => step.id === id)?.title ?? id
  let other: Given | null = null
  let ran: RunEnd
  try {
    ran = await perform(
      plan,
      end.facts,
      {
        json: false,
        verbose: switches.verbose !== undefined,
        force: end.force,
        teach: end.teach || switches.teach !== undefined,
        quiet: switches.quiet !== undefined,
        ...(switches.report === undefined ? {} : { report: String(switches.report) }),
        decide: async failure => {
          const fallBack = fallBackFrom(end.given, { failure }, true)
          const words = {
            title: titleOf(failure.step),
            ...(fallBack !== null && { instead: INSTEAD }),
          }
          const chosen = await askAfterFailure(asker, words)
          if (chosen !== 'instead') return chosen
          other = fallBack
          return 'stop'
        },
      },
      stop,
      io,
    )
  } finally {
    stop.release()
  }
  return other === null ? ran : runAnswers({ ...end, given: other }, flags, asker, io)
}
