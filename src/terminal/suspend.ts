/**
 * Stops the process as Ctrl-Z does and calls `goOn` when it continues. The whole group stops, as npm stands between
 * the shell and us. Windows has nothing of the kind, and there it goes on at once.
 */
export const suspend = (goOn: () => void): void => {
  if (process.platform === 'win32') {
    goOn()
    return
  }
  const once = (): void => {
    clearTimeout(fallback)
    process.off('SIGCONT', once)
    goOn()
  }
  // The kernel ignores the stop where no shell could ever continue us.
  const fallback = setTimeout(once, STOP_IGNORED_AFTER)
  process.on('SIGCONT', once)
  process.kill(0, 'SIGTSTP')
}

/** Milliseconds after which a process that still runs was not stopped. */
const STOP_IGNORED_AFTER = 300
