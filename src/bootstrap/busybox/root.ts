import { tarOf } from '../../tar/write.ts'
import type { WrittenEntry } from '../../tar/write.ts'
import { appletPaths } from './applets.ts'

/** A static BusyBox and what is known of it. */
export interface BusyBox {
  readonly program: Buffer
  /** BusyBox's own version: `1.35.0`. */
  readonly version: string
  readonly libc: 'glibc' | 'musl'
  /** Where it is from, for os-release: `Debian’s busybox-static 1:1.35.0-4+deb12u1+b1`. */
  readonly from: string
  /** Seconds since 1970: the time of every file. */
  readonly epoch: number
}

/**
 * Returns the entries of a root filesystem that is one program: BusyBox in /bin, a link for each of its applets, and
 * the files that programs expect. Root has no password that anybody could type. Throws BootstrapError when the program
 * does not list its applets.
 */
export const busyboxEntries = (busybox: BusyBox): WrittenEntry[] => {
  const links = appletPaths(busybox.program)
    .filter(path => path !== 'bin/busybox')
    .sort((a, b) => Number(a > b) - Number(a < b))
  return [
    ...FOLDERS.map(([path, mode]) => folder(path, mode, busybox.epoch)),
    file('bin/busybox', busybox.program, 0o755, busybox.epoch),
    ...links.map(path => link(path, busybox.epoch)),
    ...Object.entries(textsOf(busybox)).map(([path, { text, mode }]) =>
      file(path, Buffer.from(text), mode, busybox.epoch),
    ),
  ]
}

/** Returns the tar of that root filesystem; the same program gives the same bytes. */
export const busyboxTar = (busybox: BusyBox): AsyncGenerator<Uint8Array> =>
  tarOf(busyboxEntries(busybox))

const FOLDERS: readonly (readonly [string, number])[] = [
  ['bin/', 0o755],
  ['dev/', 0o755],
  ['etc/', 0o755],
  ['home/', 0o755],
  ['proc/', 0o555],
  ['root/', 0o700],
  ['run/', 0o755],
  ['sbin/', 0o755],
  ['sys/', 0o555],
  ['tmp/', 0o1777],
  ['usr/', 0o755],
  ['usr/bin/', 0o755],
  ['usr/sbin/', 0o755],
  ['var/', 0o755],
  ['var/log/', 0o755],
  ['var/spool/', 0o755],
  ['var/tmp/', 0o1777],
]

interface Text {
  readonly text: string
  readonly mode: number
}

const textsOf = ({ version, libc, from }: BusyBox): Readonly<Record<string, Text>> => ({
  'etc/group': {
    text: 'root:x:0:\ndaemon:x:1:\nmail:x:8:\nwww-data:x:33:\nusers:x:100:\nnobody:x:65534:\n',
    mode: 0o644,
  },
  'etc/hosts': { text: '127.0.0.1\tlocalhost\n::1\tlocalhost\n', mode: 0o644 },
  'etc/nsswitch.conf': { text: 'hosts: files dns\n', mode: 0o644 },
  'etc/os-release': {
    text: `NAME="BusyBox"\nID=busybox\nVERSION_ID="${version}"\nVARIANT_ID=${libc}\nPRETTY_NAME="BusyBox ${short(version)}"\n# From ${from}.\n`,
    mode: 0o644,
  },
  'etc/passwd': {
    text: 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
    mode: 0o644,
  },
  'etc/shadow': {
    text: 'root:*:::::::\ndaemon:*:::::::\nmail:*:::::::\nwww-data:*:::::::\nnobody:*:::::::\n',
    mode: 0o640,
  },
})

const folder = (path: string, mode: number, epoch: number): WrittenEntry => ({
  spec: { path, kind: 'directory', mode, uid: 0, gid: 0, size: 0, mtime: epoch },
})

const link = (path: string, epoch: number): WrittenEntry => ({
  spec: {
    path,
    kind: 'symlink',
    mode: 0o777,
    uid: 0,
    gid: 0,
    size: 0,
    mtime: epoch,
    linkPath: '/bin/busybox',
  },
})

const file = (path: string, bytes: Buffer, mode: number, epoch: number): WrittenEntry => ({
  spec: { path, kind: 'file', mode, uid: 0, gid: 0, size: bytes.length, mtime: epoch },
  body: once(bytes),
})

// An entry may be written more than once, so its body is made afresh each time.
const once = (bytes: Buffer): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: async function* () {
    yield bytes
  },
})

// What a release is called: the last part only counts its corrections.
const short = (version: string): string => version.split('.').slice(0, 2).join('.')
