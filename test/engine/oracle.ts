import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ownMirror } from './full-mirrors.ts'
import { compare, treeOfTar, type Tree } from './tree.ts'

/** What debootstrap makes, and what the real apt makes of that by the updates and security updates. */
export interface Theirs {
  readonly plain: Tree
  /** Null when no updates were asked for. */
  readonly updated: Tree | null
}

/** How debootstrap is to be run. */
export interface Wishes {
  readonly suite: string
  readonly include?: readonly string[]
  readonly updates?: boolean
  /** Where packages are kept for the next one. */
  readonly cache: string
}

/** Whether debootstrap can be run here beside us: that needs root, it and its own view of mounts. */
export const hasOracle = (): boolean =>
  process.getuid?.() === 0 &&
  ownMirror() !== null &&
  spawnSync('unshare', ['--mount', 'debootstrap', '--version']).status === 0

/**
 * Runs the real debootstrap for a minbase, as root on this machine and in memory, by a view of mounts that is gone with
 * it, and then the real apt in what it made. Throws with the end of what they said when they fail.
 */
export const byDebootstrap = async (wishes: Wishes): Promise<Theirs> => {
  const { suite, include = [], updates = false, cache } = wishes
  mkdirSync(cache, { recursive: true })
  const root = mkdtempSync(join(cache, '..', 'oracle-'))
  const words = [root, cache, ownMirror()!, suite, include.join(','), updates ? 'updates' : '']
  const child = spawn('unshare', ['--mount', 'sh', '-c', SCRIPT, 'sh', ...words], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr!.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-4000)))
  const ended = once(child, 'close')
  const trees = async (): Promise<Theirs> => {
    const plain = await treeOfTar(child.stdout!, TAKEN)
    return { plain, updated: updates ? await treeOfTar(child.stdio[3] as Readable, TAKEN) : null }
  }
  try {
    const [theirs, [code]] = await Promise.all([trees(), ended])
    if (code !== 0) throw new Error(`it ended with ${code}`)
    return theirs
  } catch (cause) {
    throw new Error(`debootstrap ${suite}: ${said}`, { cause })
  } finally {
    await ended
    rmSync(root, { recursive: true })
  }
}

/** In memory no program waits for a disk, which is most of a bootstrap's time. */
const SCRIPT = `set -eu
root=$1 cache=$2 mirror=$3 suite=$4 include=$5 updates=$6
mount -t tmpfs tmpfs "$root"
debootstrap --variant=minbase --force-check-gpg --cache-dir="$cache" \${include:+"--include=$include"} \\
  "$suite" "$root" "$mirror" >&2
pack() { tar -C "$root" --sort=name --numeric-owner --xattrs --one-file-system -c .; }
pack
exec >&2
[ -n "$updates" ] || exit 0
printf 'deb %s main\\n' "$mirror $suite" "$mirror $suite-updates" "$mirror-security $suite-security" \\
  >"$root/etc/apt/sources.list"
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
chroot "$root" apt-get -q update
chroot "$root" apt-get -qy -o APT::Get::Always-Include-Phased-Updates=true full-upgrade
chroot "$root" apt-get clean
find "$root/var/lib/apt/lists" -type f -delete
pack >&3
`

/**
 * What of two files is compared, and why not all. An account has the day on which it was made; ours is that of the
 * index, so that the image is the same tomorrow. A package that apt upgrades has the priority that it was built with,
 * and one that is put in at once that of the archive.
 */
export const TAKEN = {
  'etc/shadow': (text: string) => text.replaceAll(/^([^:]*:[^:]*:)\d+/gm, '$1day'),
  'var/lib/dpkg/status': (text: string) => text.replaceAll(/^Priority: .*\n/gm, ''),
}

/** How ours differs from theirs, but for what they leave behind. */
export const unexplained = (theirs: Tree, ours: Tree) => {
  const { gone, ...rest } = compare(theirs, ours)
  return { gone: gone.filter(path => !LEFT_BEHIND.some(rule => rule.test(path))), ...rest }
}

/** What debootstrap and apt leave behind, and an image has no use for. */
const LEFT_BEHIND = [
  // The engine makes its own; plain nodes could not be written without rights.
  /^dev\/./,
  // Of the mount and the package scripts of the machine that it was made on.
  /^run\/(mount|adduser)$/,
  // We write its successor, debian.sources.
  /^etc\/apt\/sources\.list$/,
  // Old copies.
  /^etc\/(group|gshadow|passwd|shadow|subgid|subuid)-$/,
  /^var\/cache\/debconf\/\w+\.dat-old$/,
  /^var\/lib\/dpkg\/(diversions|status)-old$/,
  // Downloads, and lists that apt-get update brings anew.
  /^var\/cache\/apt\/(archives\/([^/]+\.deb|lock)|(src)?pkgcache\.bin)$/,
  /^var\/lib\/apt\/lists\/([^/]*_dists_[^/]*|auxfiles)$/,
  // With times and inodes of the machine, and made anew.
  /^var\/cache\/ldconfig\/aux-cache$/,
  /^var\/log\/(alternatives|bootstrap|dpkg)\.log$/,
  // What apt did to install the updates, which here are there from the beginning.
  /^var\/log\/apt\/(eipp\.log\.xz|(history|term)\.log)$/,
  /^var\/lib\/apt\/extended_states$/,
  /^var\/cache\/debconf\/tmp\.ci$/,
]

/** What we write, in the order of their paths: what makes a tree fit for containers. */
export const SETTINGS = [
  'etc/apt/apt.conf.d/docker-autoremove-suggests',
  'etc/apt/apt.conf.d/docker-clean',
  'etc/apt/apt.conf.d/docker-gzip-indexes',
  'etc/apt/apt.conf.d/docker-no-languages',
  'etc/apt/sources.list.d/debian.sources',
  'etc/dpkg/dpkg.cfg.d/docker-apt-speedup',
  'usr/sbin/policy-rc.d',
]
