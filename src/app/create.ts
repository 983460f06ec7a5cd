import { splitAtDashes } from '../ask/dashes.ts'
import { defaultsFor, defaultsLine, readDefaults } from '../ask/defaults.ts'
import { parseFlags, type Flags } from '../ask/flags.ts'
import { homeOf } from '../ask/home.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { refuseMistyped } from './mistyped.ts'

/**
 * The journey. Returns the exit code. Throws the errors of src/errors.ts. Each way is loaded only when it is taken,
 * so that the first question does not wait for what runs the last step.
 */
export const create = async (argv: readonly string[], io: Io): Promise<number> => {
  refuseMistyped(splitAtDashes(argv).own[0] ?? '', io.cwd)
  const flags = await lockedFlags(parseFlags(argv, io.env), io)
  const { script, plan, yes, answers, json } = flags.switches
  if ([script, plan, yes, answers].some(asked => asked !== undefined)) {
    const known = homeOf(flags, io.cwd)?.flags ?? (await withDefaults(flags, io))
    return (await import('./by-flags.ts')).createByFlags(known, io)
  }
  if (!io.terminal.canAsk || json !== undefined) throw cannotAsk(json !== undefined, io)
  return (await import('./by-questions.ts')).createByQuestions(flags, io)
}

/** An answers file has all answers, so that it makes the same image for everybody. */
const withDefaults = async (flags: Flags, { env, err }: Io): Promise<Flags> => {
  if (flags.switches.answers !== undefined) return flags
  const defaults = readDefaults(env)
  const questions = defaultsFor(flags, defaults)
  const line = defaultsLine(defaults.path, questions)
  if (line !== '' && flags.switches.quiet === undefined) await err.write(`${line}\n`)
  return { ...flags, questions: { ...questions, ...flags.questions } }
}

/** A lock says what it is for; few runs have one. */
const lockedFlags = async (flags: Flags, { cwd }: Io): Promise<Flags> =>
  flags.questions.locked === undefined
    ? flags
    : (await import('../ask/locked.ts')).withLock(flags, cwd)

const cannotAsk = (json: boolean, { env }: Io): UsageError =>
  new UsageError(`Can't ask questions: ${whyNot(json, env['CI'])}.`, [
    'Take the defaults:         create-base-image --yes',
    'See what would be done:    create-base-image --plan',
    'See every flag:            create-base-image --help',
  ])

const whyNot = (json: boolean, ci: string | undefined): string => {
  if (json) return 'with --json, a program reads the output'
  return process.stdin.isTTY && process.stdout.isTTY
    ? `CI=${ci} is set, so nobody is here to answer`
    : 'this is not a terminal'
}
