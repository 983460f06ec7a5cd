import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa, execaSync } from 'execa'
import { beforeAll, describe, expect } from 'vitest'
import { planPackages } from '../../src/bootstrap/deb/bootstrap.ts'
import { makeFetcher } from '../../src/bootstrap/fetch/fetcher.ts'
import { clients, describeEngine, docker, engine } from './engine.ts'
import { ownMirror } from './full-mirrors.ts'
import { containersOf, eventsOf, room, runOf, type CliEnd } from './run-cli.ts'
import { bookwormRequest } from '../run/rootfs/bookworm-request.ts'

/** Where the CLI keeps an image until it is proven; the tag is the run's id. */
export const UNPROVEN = 'create-base-image/unproven'

/** Whether the CLI can be told `--bootstrap host` here without a password. */
export const canBootstrapHere = (): boolean =>
  process.getuid?.() === 0 &&
  spawnSync('sh', ['-c', 'command -v debootstrap']).status === 0 &&
  process.platform === 'linux'

/**
 * Groups tests of Debian's images: like `describeEngine`, with `debian:SUITE-slim` in the engine for each of `suites`.
 * Where they are neither there nor can be made, the group is skipped, or fails where CBI_NEED_ENGINE is 1.
 */
export const describeDebian = (
  title: string,
  suites: readonly string[],
  body: () => void,
): void => {
  const lacks = engine().reachable ? whatLacks(suites) : null
  if (lacks !== null && process.env.CBI_NEED_ENGINE !== '1') {
    describe.skip(`${title} (skipped: ${lacks})`, body)
    return
  }
  describeEngine(title, () => {
    // The first time on a machine each of them is bootstrapped.
    beforeAll(() => expect(lacks ?? makeSuites(suites)).toBe(''), 300_000)
    body()
  })
}

/** What `docker export` has of an image, sorted: type and mode, owner by numbers, size, path and link; no times. */
export const listingOf = async (
  image: string,
  env = process.env,
  client = 'docker',
): Promise<readonly string[]> => {
  const options = { env, extendEnv: false, maxBuffer: 1e8 } as const
  const words = ['create', '--network', 'none', image, 'true']
  const { stdout: container, stderr } = await execa(client, words, options)
  if (client === 'docker') expect(stderr).toBe('')
  // Podman opens its stdout by name, which a socket, as Node would give it, has not.
  const list = '"$0" export "$1" | tar --numeric-owner --quoting-style=escape -tvf -'
  try {
    const { stdout } = await execa(
      'bash',
      ['-o', 'pipefail', '-c', list, client, container],
      options,
    )
    return stdout.split('\n').map(withoutTime).toSorted()
  } finally {
    await execa(client, ['rm', '--force', container], options)
  }
}

/** The SHA-256 of each file in an image, as sha256sum prints it, by path. The engine's own and /etc/shadow, which has a date in it, are left out. */
export const contentsOf = async (
  image: string,
  env = process.env,
): Promise<ReadonlyMap<string, string>> => {
  const others = ['/proc', '/sys', '/dev', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf']
  const skip = [...others, '/etc/shadow', '/.dockerenv'].map(path => `-path ${path} -prune`)
  const script = `find / ${skip.join(' -o ')} -o -type f -print0 | sort -z | xargs -0 sha256sum`
  const args = ['run', '--rm', '--network', 'none', image, 'sh', '-c', script]
  const { stdout, exitCode, stderr } = await docker(args, env)
  expect(exitCode, stderr).toBe(0)
  return new Map(stdout.split('\n').map(line => [line.slice(66), line.slice(0, 64)]))
}

/** The paths whose content is not the same in both. */
export const differing = (
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter(path => a.get(path) !== b.get(path)).toSorted()

/** The packages that the built-in way makes bookworm of, with what has come since the release or without, and what was asked. */
export const plannedBookworm = async (updates: boolean) => {
  const { request } = await bookwormRequest({ mirror: ownMirror()!, keyring: null, updates })
  const fetcher = await makeFetcher({ env: {}, cache: await room() })
  const { signal } = new AbortController()
  const set = await planPackages({ request, fetcher, signal }).finally(fetcher.close)
  return { request, set }
}

/** What a container of the image prints; it must end with 0. */
export const printedIn = async (
  image: string,
  command: readonly string[],
  env = process.env,
): Promise<string> => {
  const { exitCode, stdout, stderr } = await docker(['run', '--rm', image, ...command], env)
  expect(exitCode, stderr).toBe(0)
  return stdout
}

/** Expects that a run left the named image at most: no container, no unproven image, no half-made tree. */
export const expectNothingLeft = async (end: CliEnd, folder: string | null): Promise<void> => {
  expect(await containersOf(runOf(end))).toEqual([])
  expect(await unprovenOf(runOf(end))).toBe('')
  if (folder === null) return
  const ours = readdirSync(join(folder, '.create-base-image'))
  const kept = [
    '.gitignore',
    'index',
    'issue.md',
    'journal.ndjson',
    'journal.previous.ndjson',
    'state.json',
  ]
  expect(ours.filter(name => !kept.includes(name))).toEqual([])
}

/** The id of a run's image that has not been named; empty when there is none. */
export const unprovenOf = async (run: string): Promise<string> =>
  (await docker(['images', '--quiet', `${UNPROVEN}:${run}`])).stdout

/** All that a run wrote: its streams and the files of its project folder, the journal too. */
export const writtenBy = (end: CliEnd, folder: string): string =>
  [end.stdout, end.stderr, ...filesBelow(folder).map(file => readFileSync(file, 'utf8'))].join('\n')

/** The text lines that a step showed. */
export const linesOf = (end: CliEnd, step: string): readonly string[] =>
  eventsOf(end, 'output')
    .filter(event => event.step === step)
    .map(({ line }) => line)

/**
 * Makes an image that a bootstrap of bullseye takes seconds in: its debootstrap copies the image's own files, which are
 * Debian bullseye, instead of downloading them. All else is the real thing. `--include spoilt` makes it lose a file.
 */
export const quickBuilder = async (
  reference: string,
  label: string,
  env = process.env,
): Promise<string> => {
  const lines = QUICK.map(line => `'${line}'`).join(' ')
  const file = '/usr/local/sbin/debootstrap'
  const recipe = `FROM ubuntu:20.04\nLABEL cbi-test=${label}\nRUN printf '%s\\n' ${lines} >${file} && chmod 755 ${file}\n`
  const classic = { ...env, DOCKER_BUILDKIT: '0' }
  const built = await docker(['build', '--quiet', '--tag', reference, '-'], classic, recipe)
  expect(built.exitCode, built.stderr).toBe(0)
  return reference
}

/** An environment whose client takes the right MKNOD away from each container it makes. */
export const withoutMknod = (
  folder: string,
  client: 'docker' | 'podman' = 'docker',
): NodeJS.ProcessEnv => {
  const bin = join(folder, '.no-mknod')
  // SETUID is among the rights anyway.
  const loop = 'for word; do shift; [ "$word" != MKNOD ] || word=SETUID; set -- "$@" "$word"; done'
  mkdirSync(bin)
  const real =
    client === 'docker' ? clients()[0]!.path : execaSync('sh', ['-c', 'command -v podman']).stdout
  writeFileSync(join(bin, client), `#!/bin/sh\n${loop}\nexec '${real}' "$@"\n`)
  chmodSync(join(bin, client), 0o755)
  return { ...process.env, PATH: [bin, process.env.PATH].join(delimiter) }
}

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url))

const whatLacks = (suites: readonly string[]): string | null => {
  if (ownMirror() === null) return "this machine's apt sources have no mirror of Debian bookworm"
  const missing = suites.filter(suite => !hasImage(`debian:${suite}-slim`))
  if (missing.length === 0 || existsSync(process.env.CBI_ENGINE_DIR ?? '')) return null
  return `the engine has no debian:${missing[0]}-slim, and CBI_ENGINE_DIR names no engine to put it in`
}

const hasImage = (image: string): boolean =>
  spawnSync('docker', ['image', 'inspect', image], { env: engine().env }).status === 0

const makeSuites = (suites: readonly string[]): string => {
  if (suites.every(suite => hasImage(`debian:${suite}-slim`))) return ''
  const words = ['start', '--with', suites.join(','), process.env.CBI_ENGINE_DIR ?? '']
  const { status, stderr } = spawnSync(join(SCRIPTS, 'engine.sh'), words, { encoding: 'utf8' })
  return status === 0 ? '' : stderr
}

/** Widths of columns depend on what stood before. */
const withoutTime = (line: string): string =>
  line.replace(/ \d{4}-\d\d-\d\d \d\d:\d\d(?= )/, '').replace(/ +/g, ' ')

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))

/** The last three words are the suite, the folder and the mirror. Progress goes to descriptor 3, as with the real one. */
const QUICK = [
  '#!/bin/sh',
  'case $* in *--include=spoilt*) spoilt=/usr/bin/sdiff ;; esac',
  'while [ $# -gt 3 ]; do shift; done',
  'echo P: 0 1 COPY >&3',
  'tar -C / --one-file-system --exclude=.$2 --exclude=./usr/local -c . | tar -C $2 -x',
  'mkdir -p $2/usr/local',
  '[ -z "$spoilt" ] || rm $2$spoilt',
  'echo P: 1 1 COPY >&3',
]
