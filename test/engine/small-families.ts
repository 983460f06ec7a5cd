import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { MIRROR, type Mirror } from '../bootstrap/apk/mirror.ts'
import { closeServer, listenAtGateway } from './serve.ts'

/** The static BusyBox of this machine's own packages, or null where there is none. */
export const busyboxHere = (): Buffer | null => {
  for (const path of ['/usr/bin/busybox', '/bin/busybox']) {
    try {
      return readFileSync(path)
    } catch {
      continue
    }
  }
  return null
}

/** Returns the same as a program of the catalogue's version: any BusyBox runs. */
export const as137 = (program: Buffer): Buffer =>
  Buffer.from(
    program.toString('latin1').replace(/BusyBox v1\.\d\d\.\d/, 'BusyBox v1.37.0'),
    'latin1',
  )

/**
 * Makes the stand-in for alpine:3.20, with a scripted apk: no apk is packaged where the tests run. That
 * apk replays what apk-tools 2.14.4 was recorded to say (test/fixtures/transcripts) and makes a small tree.
 */
export const scriptedAlpine = async (reference: string, label: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'scripted-alpine-'))
  try {
    const put = (path: string, content: string | Buffer, mode = 0o644): void => {
      mkdirSync(join(folder, dirname(path)), { recursive: true })
      writeFileSync(join(folder, path), content)
      chmodSync(join(folder, path), mode)
    }
    // GNU's tar packs it: the BusyBox of Debian takes no list of files.
    put('Dockerfile', `FROM ubuntu:20.04\nLABEL cbi-test=${label}\nADD files /\n`)
    put('files/usr/local/bin/busybox', busyboxHere()!, 0o755)
    put('files/usr/local/share/busybox.static', as137(busyboxHere()!), 0o755)
    put('files/usr/local/bin/wget', WGET, 0o755)
    put('files/usr/local/bin/apk', APK, 0o755)
    put('files/etc/apk/repositories', 'https://mirror.example/alpine/v3.20/main\n')
    put('files/etc/apk/keys/own.rsa.pub', 'the builder’s own\n')
    put('files/transcripts/good', recorded('transcripts/apk-2.14-good.txt'))
    for (const [name, lines] of recordedFaults()) put(`files/faults/${name}`, lines)
    const env = { ...process.env, DOCKER_BUILDKIT: '0' }
    await execa('docker', ['build', '--quiet', '--tag', reference, folder], {
      env,
      extendEnv: false,
    })
    return reference
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// That of Debian 12 crashes when it is given a time, which Alpine's takes.
const WGET = '#!/bin/sh\n[ "$2" != -T ] || { shift 3; set -- -q "$@"; }\nexec busybox wget "$@"\n'

const recorded = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url)), 'utf8')

/** What apk was recorded to say of each fault, with its exit code on a line before. */
const recordedFaults = (): (readonly [string, string])[] =>
  [...recorded('family-errors.txt').matchAll(/^## apk-2\.14-(\w+) (\d+)\n([^]*?)(?=^## )/gm)].map(
    ([, name, code, lines]) => [name!, `${code}\n${lines}`],
  )

// The folder of its mirror, or a package that is included, names the fault; the image gets it as its apk too.
const APK = `#!/bin/sh
# Stands in for apk: replays what apk-tools 2.14.4 was recorded to say, and makes a small tree.
inside() {
  case $1 in
    # Index by index, as the real one.
    update) while read -r from; do wget -q -O /tmp/index "$from/$(uname -m)/APKINDEX.tar.gz" || { echo "WARNING: fetching $from: No such file or directory"; exit 1; }; done </etc/apk/repositories ;;
    list) [ ! -s /tmp/index ] || echo busybox-1.36.1-r29 ;;
    audit) ! grep -q '^P:drifted$' /lib/apk/db/installed || echo 'U etc/drifted' ;;
  esac
}
[ "$1" != --print-arch ] || { uname -m; exit; }
case " $* " in *' --root '*) ;; *) inside "$@"; exit ;; esac
shift
root='' from='' asked='' before='' tells=''
for word; do
  case $before in --root) root=$word ;; --repositories-file) from=$word ;; --progress-fd) tells=yes ;; esac
  case $before$word in --*) ;; *) asked="$asked $word" ;; esac
  before=''; case $word in --initdb | --no-cache | --no-scripts) ;; --*) before=$word ;; esac
done
fault=$(sed -n 's|^[a-z]*://[^/]*/\\([a-z]*\\)/.*|/faults/\\1|p;q' "$from")
case "$asked " in *' no-such-package '*) fault=/faults/nopackage ;; esac
if [ -e "$fault" ]; then sed 1d "$fault" >&2; exit "$(sed q "$fault")"; fi
sed -n '/^### STDOUT/,/^### STDERR/{/^###/d; /^$/d; p}' /transcripts/good
[ -z "$tells" ] || for done in 0 4096 4321787 8643575; do echo "$done/8643575" >&3; done
cd "$root"
mkdir -p bin dev etc/apk/keys lib/apk/db proc root run sbin sys tmp usr/bin var/cache/apk var/log var/tmp
cp /usr/local/bin/busybox bin/busybox && busybox --list | while read -r name; do [ -e bin/$name ] || ln -s busybox bin/$name; done
cp /usr/local/bin/apk sbin/apk
chmod 1777 tmp var/tmp
printf 'NAME="Alpine Linux"\\nID=alpine\\nVERSION_ID=3.20.3\\nPRETTY_NAME="Alpine Linux v3.20"\\n' >etc/os-release
echo 3.20.3 >etc/alpine-release
printf 'root:x:0:0:root:/root:/bin/sh\\n' >etc/passwd && printf 'root:x:0:\\n' >etc/group
printf 'root::0:::::\\n' >etc/shadow && chmod 640 etc/shadow && chown 0:42 etc/shadow
version=1.36.1-r29
case "$asked " in *' busybox-static '*) version=1.37.0-r18; cp /usr/local/share/busybox.static bin/ ;; esac
for name in $asked; do printf 'P:%s\\nV:%s\\nt:1700000000\\n\\n' "$name" "$version"; done >lib/apk/db/installed
: >lib/apk/db/lock; echo x >var/cache/apk/x; : >etc/passwd-
`

/** A server that containers of the engine reach. */
export interface Served {
  /** What `--mirror` takes. */
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Serves a mirror of Alpine, which is in memory, at the gateway of the engine's bridge: below any folder, but for those
 * that have a mirror of their own.
 */
export const served = async (
  mirror: Mirror,
  others: Readonly<Record<string, Mirror>> = {},
): Promise<Served> => {
  const server = createServer(({ url = '/' }, to) => {
    const [, folder = '', rest = ''] = /^\/([a-z]+)(.*)$/.exec(decodeURIComponent(url)) ?? []
    const found = (others[folder] ?? mirror).get(MIRROR + rest)
    if (found === undefined) to.writeHead(404).end('Not Found\n')
    else to.writeHead(200, { 'Content-Length': found.length }).end(found)
  })
  const origin = await listenAtGateway(server)
  return { url: `${origin}/alpine`, close: () => closeServer(server) }
}
