import { closeSync, fstatSync, statSync } from '../node-fs.ts'

/**
 * Lets the process end with its exit code also when its terminal is gone. At its end Node puts the settings of the
 * terminals back that its standard streams were (ResetStdio in src/node.cc), and aborts when it can't: signal 6 or 11 instead
 * of 129. It leaves alone what is closed by then.
 */
export const endWithoutTerminal = (): void => {
  if (process.platform !== 'win32') process.once('exit', closeHungUp)
}

/** Keeps what is still drawn to a terminal that is gone (EIO) from being an error that nobody handles. */
export const bearHangUp = ({ stdout, stderr }: NodeJS.Process): void => {
  for (const stream of [stdout, stderr])
    if (stream.isTTY && !stream.listeners('error').includes(ignore)) stream.on('error', ignore)
}

const ignore = (): void => undefined

const closeHungUp = (): void => {
  for (const stream of [0, 1, 2])
    try {
      if (mayBeTerminal(stream) && !process.getBuiltinModule('node:tty').isatty(stream))
        closeSync(stream)
    } catch {
      // It is closed already.
    }
}

// Node loads its streams for node:tty, which takes as long as the rest of `--help`, so it is asked only of what may be one.
const mayBeTerminal = (stream: number): boolean => {
  const found = fstatSync(stream)
  return found.isCharacterDevice() && found.rdev !== statSync('/dev/null').rdev
}
