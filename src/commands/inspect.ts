import { createReadStream, existsSync, fstatSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, resolve } from 'node:path'
import { usageOf } from '../ask/commands.ts'
import { commandWords } from '../ask/words.ts'
import { inspectFile, type FileKind } from '../elf/file-kind.ts'
import { refusal } from '../elf/refusal.ts'
import { starterIn } from '../elf/starter.ts'
import { archOf } from '../engine/arch.ts'
import { EXIT, UsageError } from '../errors.ts'
import { NotAnArchive } from '../oci/errors.ts'
import { examineSource } from '../oci/inspect.ts'
import { openArchive, openStream } from '../oci/source.ts'
import type { ArchiveSource } from '../oci/source.ts'
import type { Verdict } from '../oci/types.ts'
import { textWidth } from '../text/wrap.ts'
import type { Io } from '../terminal/io.ts'
import { jsonLine } from '../text/printable.ts'
import { archiveText, programText } from './inspect-text.ts'
import { isFolder, thereAt } from '../text/there.ts'

/** How the person wants it reported. */
interface InspectOptions {
  readonly name: string
  readonly json: boolean
  readonly strict: boolean
}

/**
 * Tells what a file is: an executable and what it needs, or an image archive (a file, a folder with an OCI layout, or
 * what a pipe brings, or an image in the engine) and what is in it. Returns 0 when it is right, as far as it was looked at (with `--strict` that
 * is 1), and 1 when the program could not run in a scratch image or the archive is wrong. Throws UsageError, exit code
 * 2, for what it does not take, and for an image that is not there.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { positionals, switches, values } = commandWords(argv, 'inspect')
  const name = positionals[0] ?? ''
  const options = { name, json: switches.has('json'), strict: switches.has('strict') }
  const inEngine = async (): Promise<number> => {
    const { openSaved } = await import('./inspect-saved.ts')
    const saved = await openSaved(name, values['engine'], io)
    return saved.ended(await tellArchive(saved.source, options, io, saved.client))
  }
  if (name !== '-' && !existsSync(resolve(io.cwd, name))) return inEngine()
  const source = await archiveAt(name, io.cwd).catch(async (error: unknown) => {
    // A project folder and its image have one name.
    if (!(error instanceof UsageError) || !isFolder(resolve(io.cwd, name))) throw error
    return inEngine().catch((unlike: unknown) => {
      throw unlike instanceof UsageError ? error : unlike
    })
  })
  if (typeof source === 'number') return source
  if ('facts' in source) return tellArchive(source.facts, options, io)
  return tellProgram(resolve(io.cwd, name), source.refused, options, io)
}

type Found = { readonly facts: ArchiveSource } | { readonly refused: NotAnArchive }

const archiveAt = async (name: string, cwd: string): Promise<Found> => {
  const path = resolve(cwd, name)
  const stat = name === '-' ? fstatSync(0) : thereAt(path)
  checkKind(stat, name)
  try {
    return { facts: await openNamed(name, path, stat) }
  } catch (error) {
    if (!(error instanceof NotAnArchive)) throw error
    if (name === '-' || stat?.isFile() !== true) throw notTaken(error, stat)
    return { refused: error }
  }
}

const openNamed = (name: string, path: string, stat: Stats | undefined): Promise<ArchiveSource> => {
  if (name === '-') return openStream(createReadStream('', { fd: 0, autoClose: false }), '-')
  return stat?.isFIFO() === true ? openStream(createReadStream(path), path) : openArchive(path)
}

const checkKind = (stat: Stats | undefined, name: string): void => {
  if (stat === undefined)
    throw new UsageError(`There is no file ${name}.`, [`Usage: ${usageOf('inspect')}`])
  if (stat.isFile() || stat.isDirectory() || stat.isFIFO() || isSocketOfStdin(stat, name)) return
  if (name === '-' || name === '/dev/stdin') {
    throw new UsageError('Nothing is piped in.', [
      'For example: docker save my-image | create-base-image inspect -',
    ])
  }
  throw new UsageError(`${name} is a device or a socket.`, [
    'Name a file, a folder with an image layout, or - for what is piped in.',
  ])
}

// What starts a program may connect its standard input by a socket.
const isSocketOfStdin = (stat: Stats, name: string): boolean => name === '-' && stat.isSocket()

const notTaken = (error: NotAnArchive, stat: Stats | undefined): UsageError => {
  if (error.todo.length > 0) return new UsageError(`${error.message}.`, error.todo)
  if (stat?.isDirectory() === true) {
    return new UsageError(`${error.message.replace(/ is not an image.*$/s, '')} is a folder.`, [
      'Name the program or the archive in it, a folder with an image layout (index.json), or an image of the engine.',
    ])
  }
  return new UsageError(`${error.message}.`, [
    stat?.isFile() === true ? TAKES : 'A program is not inspected from a pipe: name its file.',
    ...(stat?.isFile() === true ? [] : [TAKES]),
  ])
}

const TAKES = 'inspect takes an ELF program or an image archive.'

/** What no program is, whatever is done to it. */
const NO_PROGRAM: readonly FileKind['kind'][] = ['unknown', 'empty', 'source', 'archive']

const tellProgram = async (
  path: string,
  notArchive: NotAnArchive,
  { name, json }: InspectOptions,
  io: Io,
): Promise<number> => {
  const file = await inspectFile(path)
  const refused = refusal(file, basename(name), archOfFile(file))
  if (NO_PROGRAM.includes(file.kind)) throw noProgram(file, refused, notArchive)
  await io.out.write(
    json
      ? `${jsonLine({ file: name, ...file, verdict: refused === null ? 'right' : 'wrong', refused })}\n`
      : programText(name, file, refused),
  )
  return refused === null ? EXIT.done : EXIT.failed
}

// A file that begins like an archive is reported as one, any other as not a program.
const noProgram = (
  file: FileKind,
  refused: ReturnType<typeof refusal>,
  notArchive: NotAnArchive,
): UsageError => {
  const isPacked = file.kind === 'archive' && !['zip', 'ar'].includes(file.format)
  if (isPacked || notArchive.todo.length > 0) return notTaken(notArchive, undefined)
  if (file.kind === 'unknown') {
    return new UsageError(`${notArchive.message}; nor is it a program that Linux can load.`, [
      TAKES,
    ])
  }
  return new UsageError(refused?.what ?? notArchive.message, [...(refused?.todo ?? []), TAKES])
}

/** A program is judged for its own architecture: whichever it is, some machine has it. */
const archOfFile = (file: FileKind): string =>
  file.kind === 'elf' ? file.elf.arch : archOf(process.arch)

const tellArchive = async (
  source: ArchiveSource,
  options: InspectOptions,
  io: Io,
  client: string | null = null,
): Promise<number> => {
  const { name, json, strict } = options
  try {
    const { facts } = await examineSource(source, undefined, starterIn)
    const told = json
      ? `${jsonLine({ file: name, kind: 'image', ...facts })}\n`
      : archiveText(name, facts, { width: textWidth(), unicode: io.terminal.unicode }, client)
    await io.out.write(told)
    return exitCode(facts.verdict, strict)
  } catch (error) {
    if (error instanceof NotAnArchive) throw notTaken(error, undefined)
    throw error
  }
}

const exitCode = (verdict: Verdict, strict: boolean): number => {
  if (verdict === 'right' || (verdict === 'right-as-far' && !strict)) return EXIT.done
  return EXIT.failed
}
