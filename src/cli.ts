import { commands, findCommand } from './ask/commands.ts'
import { splitAtDashes } from './ask/dashes.ts'
import { commandHelp, helpText } from './ask/help.ts'
import { nearest } from './text/nearest.ts'
import { EXIT, isPlainError, UsageError } from './errors.ts'
import type { Io } from './terminal/io.ts'
import { processIo } from './terminal/io.ts'
import { columnsOf } from './terminal/standard-out.ts'
import { printable } from './text/printable.ts'
import { version } from './version.ts'

/**
 * Runs the command line and returns its exit code; the caller sets it. Nothing else in the tool decides it.
 * Never rejects.
 */
export const main = async (argv: readonly string[], given?: Io): Promise<number> => {
  if (given !== undefined) return handled(argv, given)
  const io = processIo()
  const code = await handled(argv, io)
  return (await io.failure().then(failure => tellLost(failure, io))) && code === EXIT.done
    ? EXIT.failed
    : code
}

const handled = async (argv: readonly string[], io: Io): Promise<number> => {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    return report(error, argv.includes('--json'), io)
  }
}

/** Output that could not be written is a failure, whatever else went well. Returns whether there was one. */
const tellLost = async (failure: Error | null, io: Io): Promise<boolean> => {
  if (failure === null) return false
  const code = 'code' in failure ? String(failure.code) : failure.message
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : code
  await io.err.write(`\nThe output is not complete, because it could not be written: ${why}.\n`)
  return true
}

/** The commands that are files of their own, each loaded only when it is called. */
const COMMANDS = commands.map(({ name }) => name)

const dispatch = async (argv: readonly string[], io: Io): Promise<number> => {
  const { own: words } = splitAtDashes(argv)
  const [first = ''] = words
  if (words.includes('--help') || words.includes('-h') || first === 'help') return help(words, io)
  if (words.includes('--version') || words.includes('-V')) return showVersion(io)
  const command = COMMANDS.find(name => name === first)
  if (command === 'build' || command === 'init' || command === 'builders')
    return (await import('./app/many.ts'))[command](after(first, argv), await folding(io, words))
  if (command === 'completion')
    return (await import('./commands/completion.ts')).run(after(first, argv), io)
  if (command !== undefined && command !== 'help')
    return (await import('./commands/index.ts'))[command](
      after(first, argv),
      await folding(io, words),
    )
  const { create } = await import('./app/create.ts')
  return create(argv, io)
}

/** Text for a person is broken where the window ends, and not inside a word; what is drawn or a program reads is not. */
const folding = async (io: Io, words: readonly string[]): Promise<Io> => {
  const columns = columnsOf(1)
  if (columns === undefined || words.includes('--json') || words[0] === 'build') return io
  const { foldedOut } = await import('./show/fold-text.ts')
  return { ...io, out: foldedOut(io.out, columns) }
}

/** What a command is given, its own `--` included. */
const after = (command: string, argv: readonly string[]): readonly string[] =>
  argv.slice(argv.indexOf(command) + 1)

/** Help on what the words name, or on everything. Throws UsageError for a command that is not there. */
const help = async (words: readonly string[], io: Io): Promise<number> => {
  const [first = '', second = ''] = words.filter(word => !word.startsWith('-'))
  const name = first === 'help' ? second : first
  const command = findCommand(name)
  if (command === undefined && first === 'help' && name !== '') {
    const near = nearest(name, COMMANDS)
    throw new UsageError(`There is no command ${name}.`, [
      near === null
        ? 'See --help for all of them.'
        : `Did you mean: create-base-image help ${near}`,
    ])
  }
  const width = columnsOf(1) ?? 80
  const text = command === undefined ? helpText(width) : commandHelp(command, width)
  await io.out.write(text, 'last')
  return EXIT.done
}

const showVersion = async (io: Io): Promise<number> => {
  await io.out.write(`create-base-image ${version()}\n`, 'last')
  return EXIT.done
}

const report = async (error: unknown, json: boolean, io: Io): Promise<number> => {
  if (isPlainError(error)) {
    const { message, todo, exitCode } = error
    if (json)
      await io.out.write(`${JSON.stringify({ type: 'refused', exitCode, message, todo })}\n`)
    // A name in it must not make a line of its own.
    const lines = todo.map(line => `  -> ${printable(line)}\n`)
    const text = `\n${printable(message)}\n${lines.join('')}`
    const columns = columnsOf(2)
    await io.err.write(
      columns === undefined ? text : (await import('./show/fold-text.ts')).foldText(text, columns),
    )
    return exitCode
  }
  await io.err.write(
    `\nA defect in create-base-image, not in what you did:\n${(error as Error).stack ?? String(error)}\n`,
  )
  return EXIT.failed
}
