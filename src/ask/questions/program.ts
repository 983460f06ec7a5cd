import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Arch } from '../../engine/facts.ts'
import type { Program } from '../answers.ts'
import { isUtf16 } from '../text-file.ts'
import { asShellTakes } from '../typed-path.ts'
import type { Prompt, Question } from '../question.ts'
import { thereAt } from '../../text/there.ts'
import { flagOf } from '../question-flags.ts'

export const program: Question<Program> = {
  ...flagOf('program'),
  choices: [
    {
      value: 'bundled',
      label: 'hello.c, which is included',
      says: 'A few lines of C that say hello, compiled for you.',
    },
    { value: 'source', label: 'A C file of yours', says: 'Compiled for you, linked statically.' },
    {
      value: 'binary',
      label: 'A finished program',
      says: 'A static Linux executable, for instance from Go or Rust.',
    },
    {
      value: 'raw',
      label: 'Two system calls',
      says: 'Write a text, then exit: a few hundred bytes, made without a compiler.',
    },
  ],
  prompt: {
    label: 'Program',
    message: 'Which program goes in?',
    hint: 'A scratch image is empty: the program must have everything it needs in one file.',
  },
  parse: (text, base) => {
    if (text === 'bundled') return { kind: 'bundled' }
    if (text === 'raw') return { kind: 'raw', message: null }
    if (text.startsWith('raw:')) return { kind: 'raw', message: rawMessage(text.slice(4)) }
    return text.includes(EACH) ? programForEach(text, base) : programFile(text, base)
  },
}

/** What stands for the architecture in the path of programs that are ready for several. */
const EACH = '{arch}'

/** Where a ready program for an architecture is. */
export const programPath = (path: string, arch: string): string => path.replaceAll(EACH, arch)

/** Whether a path stands for a program of each architecture. */
export const isForEach = (program: Program | undefined): boolean =>
  program?.kind === 'binary' && program.path.includes(EACH)

/** The name in the image of a ready program: what its path has of architectures is left out. */
export const readyName = (path: string): string => basename(path).replace(/[-_.]?\{arch\}/g, '')

/** Throws UsageError unless there is a program for each of these architectures. */
export const checkForEach = (path: string, archs: readonly Arch[]): void => {
  if (archs.length === 0)
    throw new UsageError(`--program with ${EACH} means one program for each architecture.`, [
      'Name them: --arch amd64,arm64',
    ])
  for (const arch of archs) programFile(programPath(path, arch), '/')
}

/** Whether they are there is seen once it is known which architectures are wanted. */
const programForEach = (text: string, base: string): Program => {
  const path = resolve(base, asShellTakes(text, base))
  checkName(readyName(path))
  return { kind: 'binary', path }
}

/** The words of what is asked next, once it is known which kind of program it is. */
export const programPrompts = {
  source: {
    label: 'File',
    message: 'Where is the C file?',
    hint: 'A path, such as ./server.c; it is copied into the project folder.',
  },
  binary: {
    label: 'File',
    message: 'Where is the program?',
    hint: 'A path, such as ./target/server. It is read before anything is made: it must be static.',
  },
  raw: {
    label: 'Text',
    message: 'What does it say?',
    hint: 'One line, written to the terminal when the image runs.',
  },
} as const satisfies Record<string, Prompt>

/** Names that the project folder and its Dockerfile need for themselves. */
const TAKEN = new Set([
  'dockerfile',
  'answers.json',
  'readme.md',
  'build.sh',
  'build.ps1',
  'files',
  'bundled',
  'raw',
])

/**
 * Where an engine puts folders and files of its own in every container: /dev, /proc, /sys, /etc/hosts and, with Podman,
 * /run/.containerenv. A program that has such a name at the root of an image makes one that can't be started.
 */
const ENGINES_OWN = new Set(['dev', 'proc', 'sys', 'etc', 'run'])

/**
 * The text of a program for answers.json, with files relative to the project folder that holds their copy, or a copy for
 * each of several architectures below `folder`.
 */
export const programText = (given: Program, folder: string | null = null): string => {
  if (given.kind === 'bundled') return 'bundled'
  if (given.kind === 'raw') return given.message === null ? 'raw' : `raw:${given.message}`
  const name = given.kind === 'binary' ? readyName(given.path) : basename(given.path)
  return folder === null ? `./${name}` : `./${folder}/${EACH}/${name}`
}

/** Throws UsageError when the program's name in the image is that of a folder which extras need there. */
export const checkBeside = (given: Program): void => {
  if (given.kind !== 'source' && given.kind !== 'binary') return
  const name = given.kind === 'source' ? basename(given.path, '.c') : readyName(given.path)
  if (!['usr', 'tmp'].includes(name)) return
  throw new UsageError(`--with needs the folder /${name}, and the program has that name.`, [
    'Rename the file.',
  ])
}

const rawMessage = (message: string): string => {
  if (message.includes('\0'))
    throw new UsageError('--program raw: a message cannot have a NUL character.')
  if (Buffer.byteLength(message) <= 4096) return message
  throw new UsageError('--program raw: the message is longer than 4,096 bytes.', [
    'Write it in a C file instead.',
  ])
}

const programFile = (text: string, base: string): Program => {
  const path = resolve(base, asShellTakes(text, base))
  const name = basename(path)
  const stat = thereAt(path)
  if (stat === undefined) {
    throw new UsageError(`--program: there is no file ${text}.`, [
      'Give a C file (hello.c), a static ELF binary, or raw:"a message".',
    ])
  }
  if (stat.isDirectory())
    throw new UsageError(`--program: ${text} is a folder.`, [
      'Name the program or the C file in it.',
    ])
  if (!stat.isFile())
    throw new UsageError(
      `--program: ${text} is not a regular file but a pipe, a device or the like.`,
      ['Save its output in a file, and name that.'],
    )
  checkReadable(path, text)
  checkName(name)
  if (name.endsWith('.c')) checkEncoding(path, text)
  return { kind: name.endsWith('.c') ? 'source' : 'binary', path }
}

const checkReadable = (path: string, text: string): void => {
  try {
    accessSync(path, constants.R_OK)
  } catch {
    throw new UsageError(`--program: ${text} can't be read by you.`, [
      `Look at its permissions: ls -l ${text}`,
    ])
  }
}

/** A compiler says of such a file only that it is full of null characters. */
const checkEncoding = (path: string, text: string): void => {
  const head = Buffer.alloc(2)
  const file = openSync(path, constants.O_RDONLY)
  try {
    readSync(file, head, 0, 2, 0)
  } finally {
    closeSync(file)
  }
  if (!isUtf16(head)) return
  throw new UsageError(`--program: ${text} is text in UTF-16, which compilers don't take.`, [
    "Save it as UTF-8 in your editor; PowerShell's > writes UTF-16 by default.",
  ])
}

const checkName = (name: string): void => {
  const stem = name.replace(/\.c$/, '')
  if (TAKEN.has(name.toLowerCase()) || TAKEN.has(stem.toLowerCase())) {
    throw new UsageError(`--program: the project folder has a ${name} of its own.`, [
      'Rename the file.',
    ])
  }
  if (ENGINES_OWN.has(stem)) {
    throw new UsageError(
      `--program: the program would be /${stem} in the image, and an engine needs a folder there in every container.`,
      [`Rename the file, such as ${stem}-program${name.endsWith('.c') ? '.c' : ''}.`],
    )
  }
  if (/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/.test(stem)) return
  throw new UsageError(`--program: "${name}" can't be written in a Dockerfile as it is.`, [
    'Rename the file: letters, digits, "_", ".", "+" and "-".',
  ])
}
