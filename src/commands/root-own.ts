import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { ownCopy, ownHook, type OwnFile } from '../bootstrap/deb/own-files.ts'
import { UsageError } from '../errors.ts'
import { readBytes, UnfitFile } from '../text/read-text.ts'

/**
 * Returns what `--copy SRC:DEST` (several with commas between) and `--hook SCRIPT` add to a root filesystem. A DEST that
 * ends in a slash is a folder. Throws UsageError for a file that can't be used, or a place that is not one.
 */
export const ownOf = (
  { copy = '', hook }: Readonly<Record<string, string>>,
  cwd: string,
): OwnFile[] => [
  ...copy
    .split(',')
    .filter(pair => pair !== '')
    .map(pair => copied(pair, cwd)),
  ...(hook === undefined ? [] : [ownHook(scriptIn(hook, cwd))]),
]

const copied = (pair: string, cwd: string): OwnFile => {
  const colon = pair.lastIndexOf(':')
  const [from, to] = [pair.slice(0, Math.max(colon, 0)), pair.slice(colon + 1)]
  if (from === '' || !to.startsWith('/'))
    throw new UsageError(`--copy "${pair}" is not SRC:DEST.`, [
      'Write a file, a colon and its absolute path in the tree: --copy motd:/etc/motd',
    ])
  const place = (to.endsWith('/') ? to + basename(from) : to).slice(1)
  if (
    place.split('/').some(part => part === '' || part === '.' || part === '..') ||
    /[\n\0]/.test(place)
  )
    throw new UsageError(`--copy "${pair}": ${to} is not a path in the tree.`)
  const bytes = bytesIn(from, cwd, '--copy')
  return ownCopy(place, bytes, statSync(resolve(cwd, from)).mode & 0o777)
}

const scriptIn = (name: string, cwd: string): Buffer => {
  const bytes = bytesIn(name, cwd, '--hook')
  if (bytes.toString('latin1', 0, 2) === '#!') return bytes
  throw new UsageError(`--hook: ${name} does not begin with #!.`, [
    'Its first line must name what runs it in the tree: #!/bin/sh',
  ])
}

const MOST = 256e6

const bytesIn = (name: string, cwd: string, flag: string): Buffer => {
  try {
    const bytes = readBytes(resolve(cwd, name), { most: MOST, links: true })
    if (bytes !== null) return bytes
  } catch (error) {
    const why = error instanceof UnfitFile ? error.why : `can't be read`
    throw new UsageError(`${flag}: ${name} ${why}.`)
  }
  throw new UsageError(`${flag}: there is no file ${name}.`)
}
