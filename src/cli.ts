import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { splitAtDashes } from './ask/dashes.ts'
import { helpText } from './ask/help.ts'
import { nearest } from './ask/nearest.ts'
import { EXIT, isPlainError, UsageError } from './errors.ts'
import type { Io } from './terminal/io.ts'
import { processIo } from './terminal/io.ts'
import { version } from './version.ts'

/**
 * Runs the command line and gives its exit code; the caller sets it. Nothing else in the tool decides it.
 * Never rejects.
 */
export const main = async (argv: readonly string[], given?: Io): Promise<number> => {
  const io = given ?? processIo()
  try {
    return await dispatch(argv, io)
  } catch (error) {
    return report(error, splitAtDashes(argv).own.includes('--json'), io)
  }
}

/** Commands that are there; loaded only when one is called. */
const COMMANDS = [
  'inspect',
  'pack',
  'doctor',
  'clean',
  'releases',
  'recipe',
  'explain',
  'recap',
  'check',
  'tour',
] as const

/** Names kept for commands of later versions. */
const LATER = ['rootfs', 'completion']

const dispatch = async (argv: readonly string[], io: Io): Promise<number> => {
  const { own: words } = splitAtDashes(argv)
  if (words.includes('--help') || words.includes('-h')) return help(io)
  if (words.includes('--version') || words.includes('-V')) return showVersion(io)
  const [first = ''] = words
  if (LATER.includes(first))
    throw new UsageError(`The command ${first} is not built yet.`, [
      `For a folder of that name: ./${first}`,
    ])
  const command = COMMANDS.find(name => name === first)
  if (command !== undefined)
    return (await import('./commands/index.ts'))[command](after(first, argv), io)
  refuseMistyped(first, io.cwd)
  const { create } = await import('./app/create.ts')
  return create(argv, io)
}

/** A mistyped command would be taken for a folder and make an image. Throws UsageError for one that is not there. */
const refuseMistyped = (word: string, cwd: string): void => {
  const meant = meantCommand(word)
  if (meant === null || word.startsWith('-') || existsSync(resolve(cwd, word))) return
  throw new UsageError(`There is no command ${word}.`, [
    `Did you mean the command ${meant}?`,
    `For a folder of that name: ./${word}`,
  ])
}

/** Short words have too many neighbours to guess by. */
const meantCommand = (word: string): string | null => {
  const same = COMMANDS.find(name => name === word.toLowerCase())
  if (same !== undefined || word.length < GUESSED) return same ?? null
  return nearest(
    word,
    COMMANDS.filter(name => name.length >= GUESSED),
  )
}

const GUESSED = 5

/** What a command is given, its own `--` included. */
const after = (command: string, argv: readonly string[]): readonly string[] =>
  argv.slice(argv.indexOf(command) + 1)

const help = async (io: Io): Promise<number> => {
  await io.out.write(helpText())
  return EXIT.done
}

const showVersion = async (io: Io): Promise<number> => {
  await io.out.write(`create-base-image ${version()}\n`)
  return EXIT.done
}

const report = async (error: unknown, json: boolean, io: Io): Promise<number> => {
  if (isPlainError(error)) {
    const { message, todo, exitCode } = error
    if (json)
      await io.out.write(`${JSON.stringify({ type: 'refused', exitCode, message, todo })}\n`)
    await io.err.write(`\n${message}\n${todo.map(line => `  -> ${line}\n`).join('')}`)
    return exitCode
  }
  await io.err.write(
    `\nA defect in create-base-image, not in what you did:\n${(error as Error).stack ?? String(error)}\n`,
  )
  return EXIT.failed
}
