import { EXIT, FailedError, stopCode } from '../../errors.ts'
import type { Addition, BuilderStep } from '../../plan/builders.ts'
import { capture, endChild, letFlow, startChild } from '../../run/process/exec.ts'
import type { Io } from '../../terminal/io.ts'
import { lineFor } from '../../text/shell-words.ts'

/**
 * Adds a builder: shows each command, then runs it with its own output. When one fails, or `signal` stops it, those
 * that succeeded are undone. Returns the exit code. Throws FailedError, which names the command that failed.
 */
export const runAddition = async (
  { steps, use }: Addition,
  signal: AbortSignal,
  io: Io,
): Promise<number> => {
  const done: BuilderStep[] = []
  for (const step of steps) {
    await io.out.write(`# ${step.says}\n$ ${lineFor(process.platform, step.command)}\n`)
    const code = await runStep(step, signal, io)
    if (code === 0 && !signal.aborted) {
      done.push(step)
      continue
    }
    const undoCommands = await takeBack(code === 0 ? [...done, step] : done, io)
    if (signal.aborted && undoCommands.length === 0) return stopCode(String(signal.reason))
    throw new FailedError(
      `${lineFor(process.platform, step.command)} ${code === null ? 'could not be run' : `ended with ${code}`}, so the builder was not added.`,
      undoCommands.length === 0
        ? ['Its output above says why. What had been made for it was removed.']
        : undoCommands.map(line => `Not undone; if it is still there: ${line}`),
    )
  }
  await io.out.write(['', 'Added. Then:', ...use.map(line => `  ${line}`), ''].join('\n'))
  return EXIT.done
}

const runStep = async (
  { command: [program = '', ...args] }: BuilderStep,
  signal: AbortSignal,
  { out, err, env, cwd }: Io,
): Promise<number | null> => {
  const child = startChild(program, args, { cwd, env, stdin: 'ignore' })
  const end = (): void => void endChild(child)
  signal.addEventListener('abort', end)
  child.stdout?.on('data', (bytes: Buffer) => void out.write(bytes.toString()))
  child.stderr?.on('data', (bytes: Buffer) => void err.write(bytes.toString()))
  letFlow(child)
  const { exitCode } = await child
  signal.removeEventListener('abort', end)
  return exitCode ?? null
}

/** Returns the commands that would undo what is still there. */
const takeBack = async (done: readonly BuilderStep[], { env, cwd }: Io): Promise<string[]> => {
  const failed: string[] = []
  for (const { undo } of done.toReversed()) {
    if (undo === undefined) continue
    const [program = '', ...args] = undo
    const { exitCode } = await capture(program, args, { cwd, env, seconds: 60 })
    if (exitCode !== 0) failed.push(lineFor(process.platform, undo))
  }
  return failed
}
