import type { Remedy } from '../engine/facts.ts'
import type { View } from '../run/events.ts'

/**
 * Returns the view of a run whose person typed no command: advice to repeat one names the choice that does it, and
 * where advice names flags, a line says how to reach them. The choices are those of the question after a failure.
 */
export const inWizard = (view: View): View => ({
  ...view,
  show: events =>
    view.show(
      events.map(event =>
        event.type === 'step-failed' && event.remedy !== null
          ? { ...event, remedy: { ...event.remedy, todo: byChoice(event.remedy) } }
          : event,
      ),
    ),
})

const byChoice = ({ todo }: Remedy): readonly string[] => [
  ...todo.map(line => line.replace(REPEAT, choiceFor)),
  ...choicesFor(todo),
]

const choiceFor = (found: string, then = ''): string => {
  if (found.endsWith('takes that')) return 'create-base-image takes that when it is started again'
  const choose = /^[A-Z]/.test(found) && then === '' ? 'Choose' : 'choose'
  return `${then}${choose} "Try again" below`
}

/** Whoever chose to work offline typed that, so there is a command to repeat without it. */
const REPEAT =
  /(\bthen )?\b(?:(?:run|repeat) (?:the (?:same )?command|it)(?: again)?|the same command (?:again|takes that))(?! once| as root)\b/gi

const choicesFor = (todo: readonly string[]): readonly string[] => {
  const flags = [...new Set(todo.flatMap(flagsIn))]
  const typed = flags.filter(flag => TYPED.has(flag))
  const asked = flags.filter(flag => ASKED.has(flag))
  return [
    ...(asked.length === 0 ? [] : [`For ${asked.join(' or ')}: choose "Change an answer" below.`]),
    ...(typed.length === 0
      ? []
      : [
          `For ${typed.join(' or ')}: choose "Leave" below, and type the command after "Again" with it.`,
        ]),
  ]
}

/** A whole command can be typed as it stands. */
const flagsIn = (line: string): readonly string[] =>
  /\bnpx create-base-image /.test(line)
    ? []
    : [...line.matchAll(/(?:^|[\s(])(--[a-z][a-z-]*)/g)].map(([, flag = '']) => flag)

/** Answers that the wizard asks for. */
const ASKED: ReadonlySet<string> = new Set(
  'engine include program release with'.split(' ').map(name => `--${name}`),
)

/** Answers that it asks for never, or not of everybody. */
const TYPED: ReadonlySet<string> = new Set(
  'arch bootstrap builder keyring libc mirror no-updates push'.split(' ').map(name => `--${name}`),
)
