import type { EntryKind } from '../../tar/read.ts'

// Engines make these in every container: a mount's empty place, a mark.
const ENGINES = [
  '.dockerenv',
  'run/.containerenv',
  'etc/hosts',
  'etc/mtab',
  'run/mount',
  'run/systemd/container',
]

// What the making of a tree leaves: copies of before, caches with times in them.
const BUILDS = [
  '.create-base-image',
  'debootstrap',
  'etc/group-',
  'etc/gshadow-',
  'etc/passwd-',
  'etc/shadow-',
  'etc/subgid-',
  'etc/subuid-',
  'var/cache/ldconfig/aux-cache',
  'var/lib/dpkg/available-old',
  'var/lib/dpkg/diversions-old',
  'var/lib/dpkg/statoverride-old',
  'var/lib/dpkg/status-old',
  'var/cache/debconf/config.dat-old',
  'var/cache/debconf/passwords.dat-old',
  'var/cache/debconf/templates.dat-old',
]

// Nothing but their folders stays: what is in them is another machine's, or comes again.
const EMPTY_FOLDERS = ['dev', 'proc', 'sys', 'tmp', 'var/tmp', 'var/cache/apt', 'var/lib/apt/lists']

// The package apt brings these, with the owners and rights that it wants.
const APT_FOLDERS = [
  'var/cache/apt/archives',
  'var/cache/apt/archives/partial',
  'var/lib/apt/lists/partial',
]

// Secrets that packages make when they are configured: every container would share them (a key that everybody
// has protects nobody). The programs make them again, or say that they are missing.
const SECRETS = [
  /^etc\/ssh\/ssh_host_[^/]*_key(\.pub)?$/,
  /^etc\/ssl\/private\/ssl-cert-snakeoil\.key$/,
  /^etc\/ssl\/certs\/ssl-cert-snakeoil\.pem$/,
  /^etc\/(?:bind\/)?rndc\.key$/,
  /^var\/lib\/(?:systemd\/|urandom\/)?random-seed$/,
  /^var\/lib\/systemd\/credential\.secret$/,
  /^etc\/(?:ipsec|swanctl)[^/]*\/private\/[^/]+$/,
]

/**
 * Returns whether an entry of a tree stays out of the image: traces of engines and builds, logs, secrets that would be
 * shared. An empty log stays, because its package made it with the owner that it needs.
 */
export const isDropped = (path: string, kind: EntryKind, size: number): boolean => {
  if (ENGINES.includes(path) || BUILDS.includes(path)) return true
  if (isBelow(path, '.create-base-image') || isBelow(path, 'run/mount')) return true
  if (kind === 'directory' && APT_FOLDERS.includes(path)) return false
  if (EMPTY_FOLDERS.some(folder => isBelow(path, folder))) return true
  if (isBelow(path, 'var/log') && kind === 'file' && size > 0) return true
  // Services make what is in /run at each start; folders of packages stay.
  if (isBelow(path, 'run') && kind !== 'directory') return true
  return SECRETS.some(secret => secret.test(path))
}

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`)

/** Files that every image has, with nothing in them: engines mount over them, so a tree without an engine gets them too. */
export const EMPTIED = ['etc/hostname', 'etc/resolv.conf'] as const

// An empty machine-id is filled at the first start.
const IDENTITIES = ['etc/machine-id', 'var/lib/dbus/machine-id']

/** Returns whether a file stays with nothing in it, because it identifies a machine. */
export const isEmptied = (path: string): boolean => IDENTITIES.includes(path)
