import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { commandWords } from '../ask/words.ts'
import { inspectFile, type FileKind } from '../elf/file-kind.ts'
import { refusal } from '../elf/refusal.ts'
import { archOf } from '../engine/arch.ts'
import { EXIT, UsageError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { NotAnArchive } from '../oci/errors.ts'
import { inspectArchive } from '../oci/inspect.ts'
import { isArchive } from '../oci/source.ts'
import { archiveText, programText } from './inspect-text.ts'

const USAGE = 'create-base-image inspect <file> [--json]'

/**
 * Tells what a file is: an executable and what it needs, or an image archive and what is in it.
 * Returns 0, or 1 when the program could not run in a scratch image or the archive is damaged.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches } = commandWords(argv, USAGE, { plain: ['json'], count: 1 })
  const name = positionals[0] ?? ''
  const path = resolve(io.cwd, name)
  checkFile(path, name)
  const json = switches.has('json')
  return (await isArchive(path))
    ? tellArchive(path, name, json, io)
    : tellProgram(path, name, json, io)
}

const checkFile = (path: string, name: string): void => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw new UsageError(`There is no file ${name}.`, [`Usage: ${USAGE}`])
  if (stat.isDirectory())
    throw new UsageError(`${name} is a folder.`, ['Name the program or the archive in it.'])
}

const tellProgram = async (path: string, name: string, json: boolean, io: Io): Promise<number> => {
  const file = await inspectFile(path)
  const refused = refusal(file, basename(name), archOfFile(file))
  await io.out.write(
    json
      ? `${JSON.stringify({ file: name, ...file, refused })}\n`
      : programText(name, file, refused),
  )
  return refused === null ? EXIT.done : EXIT.failed
}

/** A program is judged for its own architecture: whichever it is, some machine has it. */
const archOfFile = (file: FileKind): string =>
  file.kind === 'elf' ? file.elf.arch : archOf(process.arch)

const tellArchive = async (path: string, name: string, json: boolean, io: Io): Promise<number> => {
  try {
    const facts = await inspectArchive(path)
    await io.out.write(
      json
        ? `${JSON.stringify({ file: name, kind: 'image', ...facts })}\n`
        : archiveText(name, facts),
    )
    return facts.problems.length === 0 ? EXIT.done : EXIT.failed
  } catch (error) {
    if (error instanceof NotAnArchive)
      throw new UsageError(error.message, ['inspect takes an ELF program or an image archive.'])
    throw error
  }
}
