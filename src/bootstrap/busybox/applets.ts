import { BootstrapError } from '../errors.ts'

/** The folders that BusyBox installs into, by the number that stands for each in its table. */
const FOLDERS = ['', 'bin/', 'sbin/', 'usr/bin/', 'usr/sbin/']

/** Applets whose folder has been the same in every release since 1.13, by that number: they tell the table from chance. */
const KNOWN: Readonly<Record<string, number>> = {
  cat: 1,
  ls: 1,
  mount: 1,
  init: 2,
  ifconfig: 2,
  awk: 3,
  wc: 3,
  chroot: 4,
}
const FEWEST_KNOWN = 4
const FIRST = Buffer.from('[\0[[\0', 'latin1')
const MOST_NAMES = 64 * 1024

/**
 * Returns the paths that a BusyBox program has links for (`bin/ls`), as its own `--list-full` prints them, without
 * running it: the names lie in it one after the other, and their folders in a table of half bytes, the lower half
 * first (BusyBox's applets/applet_tables.c). Throws BootstrapError when the program has no such tables.
 */
export const appletPaths = (program: Buffer): string[] => {
  const names = appletNames(program)
  const table = folderTable(program, names)
  return names.map((name, at) => `${FOLDERS[half(table, at)] ?? ''}${name}`)
}

const appletNames = (program: Buffer): string[] => {
  const begin = program.indexOf(FIRST)
  if (begin === -1) throw noTable('it has no list of applets')
  const end = program.indexOf('\0\0', begin, 'latin1')
  if (end === -1 || end - begin > MOST_NAMES) throw noTable('its list of applets has no end')
  const names = program.toString('latin1', begin, end).split('\0')
  if (!names.every(isName)) throw noTable('its list of applets is damaged')
  return names
}

const isName = (name: string): boolean => /^[A-Za-z0-9_.[+-]{1,40}$/.test(name)

const folderTable = (program: Buffer, names: readonly string[]): Buffer => {
  const length = Math.ceil(names.length / 2)
  const known = Object.entries(KNOWN)
    .map(([name, folder]) => ({ at: names.indexOf(name), folder }))
    .filter(({ at }) => at !== -1)
  if (known.length < FEWEST_KNOWN) throw noTable('it lacks the usual applets')
  const found: Buffer[] = []
  for (let at = 0; at + length <= program.length; at++) {
    if (known.every(each => halfAt(program, at, each.at) === each.folder)) {
      const table = program.subarray(at, at + length)
      if (names.every((_, place) => half(table, place) < FOLDERS.length)) found.push(table)
    }
  }
  const [table] = found
  if (table === undefined || found.length > 1) throw noTable('it does not say where they go')
  return table
}

const half = (table: Buffer, place: number): number => halfAt(table, 0, place)

const halfAt = (bytes: Buffer, from: number, place: number): number => {
  const byte = bytes[from + (place >> 1)] ?? 0
  return place % 2 === 0 ? byte & 0xf : byte >> 4
}

const noTable = (why: string): BootstrapError =>
  new BootstrapError('busybox-unknown', `This BusyBox can’t be read: ${why}.`, [
    'Take the other build: --variant musl or --variant glibc.',
  ])
