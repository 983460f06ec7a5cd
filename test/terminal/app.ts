import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, test } from 'vitest'
import {
  installStandIn,
  journeyAnswers,
  says,
  standInsLeft,
  type Answer,
} from '../stand-in/stand-in.ts'
import { NODE } from './demo.ts'
import { KEY, open, type Terminal } from './terminal.ts'

/** These need a pseudo-terminal with job control, and a machine where the finished program runs. */
export const linux = test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')

export interface AppOptions {
  readonly cols?: number
  readonly rows?: number
  readonly env?: Readonly<Record<string, string>>
  /** What the engine says; without it there is none. */
  readonly docker?: readonly Answer[]
  /** A shell's text that starts the command as `"$0" "$@"`. */
  readonly shell?: string
}

/** The shipped command in terminals, each test in a folder of its own. */
export interface App {
  readonly open: (args?: readonly string[], options?: AppOptions) => Terminal
  /** The folder that the command is started in. */
  readonly folder: () => string
  /** What is in it. */
  readonly made: () => string[]
  /** The clients of the engine that still run. */
  readonly clients: () => number[]
}

/** A client that was just being started may still write its notes while they are removed. */
const removeAll = (folder: string, tries = 5): void => {
  try {
    rmSync(folder, { recursive: true, maxRetries: 5 })
  } catch (error) {
    if (tries === 0) throw error
    removeAll(folder, tries - 1)
  }
}

/** Prepares a folder for each test of a file, and ends what a failed test left running. */
export const useApp = (): App => {
  let root = ''
  const running: Terminal[] = []
  const folder = (): string => join(root, 'here')
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'app-'))
    mkdirSync(folder())
  })
  afterEach(() => {
    for (const terminal of running.splice(0)) terminal.kill()
    for (const pid of standInsLeft(root)) process.kill(pid, 'SIGKILL')
    removeAll(root)
  })
  return {
    folder,
    made: () => readdirSync(folder()),
    clients: () => standInsLeft(root),
    open: (args = [], { docker, shell, env = {}, ...size } = {}) => {
      const engine = docker === undefined ? NO_ENGINE : installStandIn(root, docker)
      const options = { ...size, cwd: folder(), env: { HOME: root, ...engine, ...env } }
      const command = [BIN, ...args]
      const terminal =
        shell === undefined
          ? open(NODE, command, options)
          : open('bash', ['--norc', '-c', shell, NODE, ...command], options)
      running.push(terminal)
      return terminal
    },
  }
}

/** Answers the questions on the screen by Enter, or by the label of an option, up to the one that matches `end`. */
export const answerUpTo = async (
  terminal: Terminal,
  end: RegExp,
  choices: readonly (readonly [question: RegExp, label: string])[] = [],
): Promise<string> => {
  let asked = await nextQuestion(terminal, '')
  while (!end.test(asked)) {
    const [, label] = choices.find(([question]) => question.test(asked)) ?? []
    if (label === undefined) terminal.write(KEY.enter)
    else await choose(terminal, label)
    asked = await nextQuestion(terminal, asked)
  }
  return terminal.screen()
}

/** Goes down to the option of that label, and takes it. */
export const choose = async (terminal: Terminal, label: string): Promise<void> => {
  for (let i = 0; i < 12; i++) {
    const { chosen = '' } = (await terminal.waitFor(CHOSEN)).match(CHOSEN)?.groups ?? {}
    // A narrow window cuts the label off.
    if (chosen.startsWith(label) || label.startsWith(chosen.replace(/…$/, '')))
      return terminal.write(KEY.enter)
    terminal.write(KEY.down)
    await terminal.waitFor(new RegExp(`❯ (?!${escaped(chosen)})`))
  }
  throw new Error(`No option ${label} in:\n${terminal.screen()}`)
}

/** The program that needs no compiler, and an archive where no engine is. */
export const RAW: readonly (readonly [RegExp, string])[] = [
  [/Which program/, 'Two system calls'],
  [/No engine can be used here/, 'Go on'],
]

/** Runs that program with every other answer by its default, without a question. */
export const RAW_FLAGS = ['--yes', '--program', 'raw'] as const

/** An engine that answers a whole journey; `changed` goes before its own answers. */
export const engineWith = (...changed: readonly Answer[]): Answer[] => [
  ...changed,
  ...journeyAnswers(says('build', 'Step 1/3 : FROM scratch\n'), null),
]

/** An engine whose container says one line and never ends. */
export const endlessEngine = (): Answer[] =>
  engineWith({ ...says('start', 'The container waits\n'), waits: true })

/** An engine whose build tells `count` lines, one each `pace` milliseconds. */
export const slowEngine = (count: number, pace: number): Answer[] => {
  const chunks = Array.from(
    { length: count },
    (_, i) => ['stdout', `Step ${i + 1}/${count} : line ${i + 1} of the build\n`] as const,
  )
  return engineWith({ to: 'build', exitCode: 0, chunks, pace })
}

/** What was written from that length of `raw` on, by lines and without its escape codes. */
export const linesSince = (terminal: Terminal, length: number): string[] =>
  stripVTControlCharacters(terminal.raw().slice(length)).split(/\r?\n/)

/** A shell's command that tells how the terminal is set. */
export const MODES =
  'stty -a | tr " ;" "\\n\\n" | grep -xE -- "-?(icanon|echo|isig)" | xargs echo modes'

/** A shell that tells, when the command has ended, its exit code and how the terminal was left. */
export const AND_TELL = `"$0" "$@"; echo "code $?"; ${MODES}`

/** What is wrong with how the terminal was left, `prompt` being below; the empty list when nothing is. */
export const troubles = (terminal: Terminal, code: number, prompt = ''): string[] => {
  const cursor = terminal
    .raw()
    .match(/\u001b\[\?25[hl]/g)
    ?.at(-1)
  const told = new RegExp(`\\nmodes isig icanon echo\\n?${prompt}$`)
  return [
    ...(terminal.screen().includes(`\ncode ${code}\n`) ? [] : ['another exit code']),
    ...(told.test(terminal.screen()) ? [] : ['not cooked']),
    ...(cursor === undefined || cursor.endsWith('h') ? [] : ['a hidden cursor']),
  ]
}

const BIN = fileURLToPath(new URL('../../bin/create-base-image.js', import.meta.url))

const NO_ENGINE = { DOCKER_HOST: 'unix:///nowhere.sock' }

const CHOSEN = /^ *❯ (?<chosen>.*)$/m

/** The line of the question that is asked now; what was asked before is no longer on the screen. */
const nextQuestion = async (terminal: Terminal, before: string): Promise<string> => {
  const other = new RegExp(`^\\? (?!${escaped(before)}$).+$`, 'm')
  const screen = await terminal.waitFor(before === '' ? /^\? .+$/m : other)
  return /^\? (.+)$/m.exec(screen)?.[1] ?? ''
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
