// The peak memory of a command that draws on a terminal.
import { readFileSync } from 'node:fs'
import { openTerminal } from './pseudo-terminal.mjs'

/** Milliseconds between two looks; the kernel keeps the peak, so only what comes after the last one can be missed. */
const PACE = 50

/** Returns bytes, of its own process alone. Throws with the end of what it drew when it does not exit 0. */
export const peakOnTerminal = async (command, { cwd }) => {
  let end = ''
  let peak = 0
  const terminal = openTerminal(command, {
    cwd,
    onBytes: bytes => (end = (end + bytes).slice(-1500)),
  })
  const looking = setInterval(() => (peak = Math.max(peak, peakOf(terminal.pid))), PACE)
  const code = await terminal.ended
  clearInterval(looking)
  if (code !== 0) throw new Error(`It ended with ${code}:\n${end}`)
  return peak
}

/** 0 when it has ended. */
const peakOf = pid => {
  try {
    return (
      Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) *
      1024
    )
  } catch {
    return 0
  }
}
