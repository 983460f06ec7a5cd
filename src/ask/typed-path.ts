import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { thereAt } from '../text/there.ts'

/**
 * Returns a path as a shell would have taken it: `~` is the home folder, and the quotes and backslashes of a file that
 * was dropped on the terminal are gone. What is there as it was typed stays as it is.
 */
export const asShellTakes = (text: string, base: string): string => {
  if (thereAt(resolve(base, text)) !== undefined) return text
  return withHome(unquoted(text.trim()))
}

/** Returns a path with `~` at its beginning replaced by the home folder. */
export const withHome = (text: string): string => text.replace(/^~(?=[/\\]|$)/, () => homedir())

const unquoted = (text: string): string => {
  // PowerShell calls what is dropped on it.
  const path = text.replace(/^& (?=['"])/, '')
  const quoted = /^(['"])(.*)\1$/s.exec(path)
  if (quoted?.[1] === "'") return quoted[2]!.replaceAll(String.raw`'\''`, "'")
  if (quoted !== null) return quoted[2]!
  return process.platform === 'win32' ? path : path.replaceAll(/\\(.)/gs, '$1')
}
