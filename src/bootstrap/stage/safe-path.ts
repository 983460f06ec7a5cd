import { refuse, named } from './refuse.ts'

const LONGEST_PATH = 4095
const LONGEST_NAME = 255

/**
 * Returns a path of an archive relative to the root without `./` and a last slash (``: the root itself), as latin1, a
 * letter a byte. Throws BootstrapError `path-unsafe` when it is absolute, leads out of the root or can be no path.
 */
export const safePath = (path: string, what: string): string => {
  const unsafe = (why: string): Error => refuse('path-unsafe', what, `${named(path)} ${why}`)
  if (path.startsWith('/')) throw unsafe('is an absolute path')
  if (path.includes('\0')) throw unsafe('has a zero byte')
  if (path.length > LONGEST_PATH) throw unsafe('is too long a path')
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  if (parts.includes('..')) throw unsafe('is a path with ..')
  if (parts.some(part => part.length > LONGEST_NAME)) throw unsafe('has too long a name')
  return parts.join('/')
}

/**
 * Returns where a symbolic link at `path` leads, relative to the root. Throws BootstrapError `entry-unsafe` when it climbs
 * out of the root or is empty; an absolute target begins at the image's own root.
 */
export const linkGoal = (path: string, target: string, what: string): string => {
  const unsafe = (why: string): Error =>
    refuse('entry-unsafe', what, `the link ${named(path)} ${why}`)
  if (target === '' || target.includes('\0')) throw unsafe('leads nowhere')
  if (target.length > LONGEST_PATH) throw unsafe('leads to too long a path')
  const from = target.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') from.push(part)
    else if (from.pop() === undefined && !target.startsWith('/'))
      throw unsafe('leads out of the root')
  }
  return from.join('/')
}
