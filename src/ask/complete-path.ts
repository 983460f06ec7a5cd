import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isFolder } from '../text/there.ts'
import { withHome } from './typed-path.ts'

/** What Tab makes of a path that is being typed. */
export interface Completed {
  readonly text: string
  /** The names that it may still become; one or none when nothing is open. */
  readonly found: readonly string[]
}

/** Returns a typed path with everything that is certain about its last name, as a shell completes it; `~` is the home folder. */
export const completePath = (text: string, cwd: string): Completed => {
  if (text === '~') return { text: '~/', found: [] }
  const head = ABOVE.exec(text)?.[0] ?? ''
  const start = text.slice(head.length)
  const folder = resolve(cwd, withHome(head))
  const found = namesIn(folder)
    .filter(name => name.startsWith(start) && (start !== '' || !name.startsWith('.')))
    .map(name => (isFolder(join(folder, name)) ? `${name}/` : name))
  return { text: head + (found.length === 0 ? start : sharedStart(found)), found }
}

const ABOVE = process.platform === 'win32' ? /^.*[/\\]/s : /^.*\//s

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

const sharedStart = ([first = '', ...others]: readonly string[]): string => {
  let length = first.length
  while (!others.every(name => name.startsWith(first.slice(0, length)))) length -= 1
  return first.slice(0, length)
}
