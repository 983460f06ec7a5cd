import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a scripted apk does and says; lines as apk-tools 2.14.4 was recorded to say them. */
export interface ScriptedApk {
  readonly stdout?: readonly string[]
  readonly stderr?: readonly string[]
  readonly exitCode?: number
  /** False for a mirror whose index has no signature. */
  readonly signed?: boolean
  /** What it leaves in etc/alpine-release. */
  readonly release?: string
  /** The file that it installs as the program of busybox-static 1.37.0-r18. */
  readonly busybox?: string
}

/**
 * Puts programs into `folder`/bin that stand in for apk and for wget: no apk is packaged where the tests run. This apk
 * makes a tiny tree, says what it is told to say, tells its progress, and keeps its arguments in `folder`/said.
 */
export const scriptApk = (folder: string, apk: ScriptedApk = {}): void => {
  const bin = join(folder, 'bin')
  mkdirSync(bin, { recursive: true })
  const say = (lines: readonly string[] = [], to = ''): string =>
    lines.map(line => `printf '%s\\n' ${quoted(line)}${to}`).join('\n')
  program(
    join(bin, 'apk'),
    `#!/bin/sh
echo "$*" >>${quoted(join(folder, 'said'))}
[ "$1" != --print-arch ] || { echo x86_64; exit; }
case $1 in update)
  # As apk-tools does it: the indexes that it fetched are in the tree's cache.
  case $(cat "\${10}") in *community) exit 1 ;; esac
  cd ${quoted(folder)} && : >.SIGN.RSA.owner@example.org-01.rsa.pub
  tar -czf "$3/var/cache/apk/APKINDEX.1.tar.gz" .SIGN.RSA.owner@example.org-01.rsa.pub
  exit ;;
esac
while [ $# -gt 0 ]; do
  case $1 in --root) root=$2 ;; --keys-dir) keys=$2 ;; --repositories-file) from=$2 ;; --progress-fd) tells=yes ;; esac
  shift
done
ls "$keys" >${quoted(join(folder, 'keys-seen'))}
cat "$from" >${quoted(join(folder, 'fetched-from'))}
mkdir -p "$root/etc/apk/keys" "$root/lib/apk/db" "$root/var/cache/apk" "$root/bin" "$root/tmp"
echo ${quoted(apk.release ?? '3.20.3')} >"$root/etc/alpine-release"
printf 'root::0:::::\\nnobody:!::0:::::\\n' >"$root/etc/shadow"
printf 'P:busybox\\nt:1700000000\\n\\n' >"$root/lib/apk/db/installed"
: >"$root/lib/apk/db/lock"; echo x >"$root/var/cache/apk/x"; echo sh >"$root/bin/sh"; : >"$root/etc/passwd-"
[ "$from" != /dev/null ] || exit 0
[ -z "\${tells:-}" ] || printf '0/1000\\n5/1000\\n500/1000\\n1000/1000\\n' >&3
${apk.busybox === undefined ? '' : `cp ${quoted(apk.busybox)} "$root/bin/busybox.static"`}
printf 'P:busybox-static\\nV:1.37.0-r18\\nt:1700000000\\n\\n' >>"$root/lib/apk/db/installed"
${say(apk.stdout)}
${say(apk.stderr, ' >&2')}
exit ${apk.exitCode ?? 0}
`,
  )
  const inIndex = apk.signed === false ? 'APKINDEX' : '.SIGN.RSA.owner@example.org-01.rsa.pub'
  // Of an index it brings the name of the key alone, and no wget may be given a login.
  program(
    join(bin, 'wget'),
    `#!/bin/sh
case "$*" in *community*) exit 1 ;; esac
cd ${quoted(folder)} && : >${inIndex} && tar -czf - ${inIndex}
`,
  )
}

const program = (path: string, text: string): void => {
  writeFileSync(path, text)
  chmodSync(path, 0o755)
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
