import { render, type Instance } from 'ink'
import { Screen, type ScreenProps } from './screen.tsx'
import { eraseReflow, surfaceOf } from './surface.ts'

/** Ink on a terminal. */
export interface OpenScreen {
  /** Adds texts that stay and replaces the lines in flight. */
  readonly draw: (lasting: readonly string[], lines: readonly string[]) => void
  /** Begins again below what others wrote while the process was stopped, and takes single keys again. */
  readonly resume: () => void
  /** Removes the lines in flight and gives the terminal back: cooked, with a visible cursor. */
  readonly close: () => void
}

export interface ScreenOptions {
  readonly stdout: NodeJS.WriteStream
  readonly stdin: NodeJS.ReadStream
  readonly onInput: NonNullable<ScreenProps['onInput']>
}

/** Mounts Ink with the first drawing. Keys are read when stdin is a terminal. */
export const openScreen = ({ stdout, stdin, onInput }: ScreenOptions): OpenScreen => {
  const surface = surfaceOf(stdout)
  const props = stdin.isTTY ? { onInput } : {}
  let lasting: readonly string[] = []
  let drawn: readonly string[] = []
  let ink: Instance | null = null
  const put = (lines: readonly string[]): void => {
    const screen = <Screen lasting={lasting} lines={lines} {...props} />
    if (ink === null) ink = render(screen, { ...INK, stdout: surface.stream, stdin })
    else ink.rerender(screen)
  }
  return {
    draw: (more, lines) => {
      lasting = [...lasting, ...more]
      surface.together(() => {
        surface.stream.write(eraseReflow(drawn, stdout.columns || drawn.length))
        put(lines)
      })
      drawn = lines
    },
    resume: () => {
      // Ink erases as many rows as it has drawn: these, not the shell's.
      stdout.write('\n'.repeat(drawn.length))
      if (!stdin.isTTY || !stdin.isRaw) return
      // The shell has set its own mode, of which Node knows nothing.
      stdin.setRawMode(false)
      stdin.setRawMode(true)
      stdout.write(HIDE_CURSOR)
    },
    close: () => {
      surface.together(() => {
        ink?.clear()
        ink?.unmount()
        ink?.cleanup()
      })
      if (stdin.isTTY && stdin.isRaw) stdin.setRawMode(false)
    },
  }
}

/** Redraws are paced by us, and Ctrl-C is ours. */
const INK = { exitOnCtrlC: false, patchConsole: false, maxFps: 1000 } as const

const HIDE_CURSOR = '\u001B[?25l'
