/** Returns bytes with BusyBox's tables in them, as its build makes them; not a program. */
export const fakeBusybox = (
  applets: readonly (readonly [name: string, folder: number])[],
): Buffer => {
  const table = Buffer.alloc(Math.ceil(applets.length / 2))
  for (const [at, [, folder]] of applets.entries()) {
    table[at >> 1] = (table[at >> 1] ?? 0) | (at % 2 === 0 ? folder : folder << 4)
  }
  const names = applets.map(([name]) => `${name}\0`).join('')
  return Buffer.concat([
    Buffer.from('\x7fELF some code'),
    table,
    // Nothing but chance ends what comes before the first name.
    Buffer.from('text'),
    Buffer.from(`${names}\0more`, 'latin1'),
  ])
}

/** Some applets with the number of their folder: 1 bin, 2 sbin, 3 usr/bin, 4 usr/sbin. */
export const APPLETS: readonly (readonly [string, number])[] = [
  ['[', 3],
  ['[[', 3],
  ['awk', 3],
  ['cat', 1],
  ['chroot', 4],
  ['ifconfig', 2],
  ['init', 2],
  ['ls', 1],
  ['mount', 1],
  ['sh', 1],
  ['wc', 3],
]
