import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Answers, Given, Program } from './answers.ts'
import type { Flags } from './flags.ts'
import { questions, SAVED, type QuestionName } from './questions/index.ts'
import { checkBeside, programText } from './questions/program.ts'
import { shortName } from './questions/tag.ts'

/** Flags before the answers file before the defaults. Throws UsageError for a value that is not valid. */
export const givenBy = (flags: Flags, cwd: string): Given => {
  const file =
    typeof flags.switches.answers === 'string'
      ? readAnswers(resolve(cwd, flags.switches.answers))
      : null
  const read = <N extends QuestionName>(name: N): Value<N> | undefined => {
    const text = flags.questions[name]
    if (text !== undefined) return questions[name].parse(text, cwd) as Value<N>
    const saved = file?.texts[name]
    return saved === undefined ? undefined : (questions[name].parse(saved, file!.base) as Value<N>)
  }
  const tag = read('tag') ?? 'hello'
  const output = read('output')
  const directory = read('directory') ?? freeFolder(cwd, shortName(tag))
  const program = read('program')
  const extras = read('with') ?? []
  if (program !== undefined && extras.length > 0) checkBeside(program)
  return {
    answers: {
      version: 1,
      kind: read('kind') ?? 'minimal',
      tag,
      program: program ?? { kind: 'bundled' },
      libc: read('libc') ?? 'glibc',
      with: extras,
      compileIn: read('compile-in') ?? 'auto',
      builder: read('builder') ?? 'ubuntu:20.04',
      arch: read('arch') ?? null,
      engine: read('engine') ?? 'auto',
    },
    places: {
      directory,
      output: output ?? join(directory, `${shortName(tag)}.tar`),
      outputNamed: output !== undefined,
      from: cwd,
    },
    programNamed: program !== undefined,
  }
}

/** The answers as answers.json has them: the texts that the flags of the same names take. */
export const savedAnswers = (answers: Answers): Record<string, string | number> => ({
  version: answers.version,
  kind: answers.kind,
  tag: answers.tag,
  program: programText(answers.program),
  libc: answers.libc,
  // Folders that were made before there were extras have no such answer.
  ...(answers.with.length === 0 ? {} : { with: answers.with.join(',') }),
  'compile-in': answers.compileIn,
  builder: answers.builder,
  ...(answers.arch === null ? {} : { arch: answers.arch }),
  engine: answers.engine,
})

/** The command line that repeats the answers, for a terminal: words, not yet quoted. */
export const repeatCommand = (answers: Answers, program: Program = answers.program): string[] => {
  const words = ['create-base-image', '--yes']
  const standard = savedAnswers(givenBy({ questions: {}, switches: {} }, '/').answers)
  for (const [name, value] of Object.entries(savedAnswers({ ...answers, program }))) {
    if (name !== 'version' && standard[name] !== value) words.push(`--${name}`, String(value))
  }
  return words
}

/** The image's name, or with `-image` behind it where a file has that name, as the program often does. */
const freeFolder = (cwd: string, name: string): string => {
  const path = resolve(cwd, name)
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? `${path}-image` : path
}

type Value<N extends QuestionName> = ReturnType<(typeof questions)[N]['parse']>

const readAnswers = (
  path: string,
): { texts: Partial<Record<QuestionName, string>>; base: string } => {
  const parsed = parseAnswers(path)
  const { version, ...texts } = parsed
  if (version !== 1) {
    throw new UsageError(
      `${path} has answers of version ${String(version)}; this version reads version 1.`,
      ['Use the version of create-base-image that wrote it, or give the flags again.'],
    )
  }
  for (const [name, value] of Object.entries(texts)) {
    if (!(SAVED as readonly string[]).includes(name)) {
      throw new UsageError(`${path}: there is no answer called "${name}".`, [
        `It may have: ${SAVED.join(', ')}.`,
      ])
    }
    if (typeof value !== 'string')
      throw new UsageError(`${path}: "${name}" must be a text in quotes.`)
  }
  return { texts: texts as Partial<Record<QuestionName, string>>, base: dirname(path) }
}

const EARLIER = 'Give the answers.json of an earlier run; it stands in the project folder.'

const parseAnswers = (path: string): Record<string, unknown> => {
  let text: string | null
  try {
    // A named pipe would keep us waiting for somebody who writes into it.
    text = statSync(path).isFile() ? readFileSync(path, 'utf8') : null
  } catch (error) {
    throw new UsageError(
      `--answers: ${path} can't be read (${(error as NodeJS.ErrnoException).code}).`,
      [EARLIER],
    )
  }
  if (text === null) throw new UsageError(`--answers: ${path} is not a regular file.`, [EARLIER])
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`)
  }
  throw new UsageError(`${path} is JSON, but not an object with answers.`)
}
