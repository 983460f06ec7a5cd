import type { PipelineEnd } from './pipeline.ts'

/** What the end of a program proves, that was started to prove its image. */
export type Verdict =
  /** It ran; `note` says how it ended, or is null when it ended with 0. */
  | { readonly kind: 'ran'; readonly note: string | null }
  /** It crashed, or could not be started. */
  | { readonly kind: 'failed'; readonly message: string; readonly todo?: readonly string[] }
  /** It could not be started because it is for other processors than the engine's. */
  | { readonly kind: 'foreign' }

/** Signals that end a program for a fault of its own (SIGTRAP and SYS too), and the one for lack of memory. */
const CRASHES: Readonly<Record<string, string>> = {
  SIGILL: 'an instruction that this processor does not know',
  SIGTRAP: 'a trap that the compiler or the program itself has set',
  SIGABRT: 'it gave up by itself (abort)',
  SIGBUS: 'an access to memory that is not there',
  SIGFPE: 'an impossible calculation, such as a division by zero',
  SIGSEGV: 'an access to memory that is not its own',
  SIGSYS: 'a system call that is forbidden here',
  SIGKILL: 'ended from outside, most often because memory ran out',
}

/** Their numbers on every architecture that engines run on but MIPS: signal(7). */
const NUMBERS: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  31: 'SIGSYS',
}

/**
 * Returns what the end of a program proves. A program that wants words or a file it does not find is a sound image all
 * the same: it started. `lines` are the last that were printed; `foreign` says that the image is for other processors
 * than the engine's.
 */
export const verdictOf = (
  end: PipelineEnd,
  lines: readonly string[],
  foreign: boolean,
): Verdict => {
  const { exitCode, note } = end
  if (exitCode === 0) return { kind: 'ran', note: null }
  if (lines.some(line => WRONG_FORMAT.test(line)) && foreign) return { kind: 'foreign' }
  if (end.signal !== undefined) return ofSignal(end.signal)
  if (exitCode === null || note !== null || lines.some(line => NOT_STARTED.test(line)))
    return failed(`${end.name} ${howOf(end)}.`)
  if (exitCode >= 125 && exitCode <= 127)
    return failed(
      `${end.name} ended with exit code ${exitCode}, which is how engines and shells say that they could not start a program.`,
    )
  const signal = NUMBERS[exitCode - 128]
  if (signal !== undefined) return ofSignal(signal, ` (exit code ${exitCode})`)
  return { kind: 'ran', note: `it started, and ended with exit code ${exitCode}` }
}

const failed = (message: string): Verdict => ({ kind: 'failed', message })

const ofSignal = (signal: string, code = ''): Verdict => {
  const why = CRASHES[signal]
  if (why === undefined) return { kind: 'ran', note: `it started, and was ended by ${signal}` }
  return {
    kind: 'failed',
    message: `The program was ended by ${signal}${code}: ${why}.`,
    todo: [
      'Fix the program, then run the same command: it continues from here.',
      'To see whether the program is at fault, run it on a Linux system of the same kind.',
    ],
  }
}

/** How a command ended that did not end well. */
export const howOf = ({ exitCode, note }: Pick<PipelineEnd, 'exitCode' | 'note'>): string => {
  const how = exitCode === null ? 'did not end by itself' : `ended with exit code ${exitCode}`
  return `${how}${note === null ? '' : `: ${note}`}`
}

/**
 * What runc and crun say in a container's own output when its program can't be loaded: their exit code is then 1 or
 * 255, as a program's may be.
 */
const NOT_STARTED =
  /^(?:standard_init_linux\.go:\d+: )?exec (?:user process caused|container process)\b|^exec \/\S+: (?:exec format error|no such file or directory|permission denied)\s*$|OCI runtime|^\{"msg":"exec container process/i

const WRONG_FORMAT =
  /^(?:standard_init_linux\.go:\d+: )?exec (?:user process caused|container process|\/)[^\n]*exec format error|OCI runtime[^\n]*exec format error|"exec container process `?[^\n]*exec format error/i
