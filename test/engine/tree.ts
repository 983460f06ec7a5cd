import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { expect } from 'vitest'
import { tarEntries, type TarEntry } from '../../src/tar/read.ts'
import { docker } from './engine.ts'
import { podman } from './podman.ts'

/** What an image holds: for each path a line with type, mode, owner, size, link, attributes and SHA-256; no times. */
export type Tree = ReadonlyMap<string, string>

/** The paths that engines mount over or bring themselves, each its own. */
export const MOUNTED =
  /^(?:\.dockerenv|dev|proc|sys|run|etc\/(?:hosts|hostname|resolv\.conf|mtab))(?:\/|$)/

/** What is taken of a file's text in place of all of it, by its path. */
export type Taken = Readonly<Record<string, (text: string) => string>>

/** Returns an image's tree, as `export` has it, so with the few empty files that the engine itself mounts over. */
export const treeOf = async (image: string, client = 'docker'): Promise<Tree> => {
  const words = ['create', '--network', 'none', image, 'true']
  const { stdout: container } = await run(client, words)
  try {
    // Podman opens its stdout by name, which a socket, as Node would give it, has not.
    const exported = spawn('sh', ['-c', '"$0" export "$1" | cat', client, container], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return await treeOfTar(exported.stdout)
  } finally {
    await run(client, ['rm', '--force', container])
  }
}

/** Returns the tree that a tar holds, its paths without `./` and a slash at their end; the root itself is left out. */
export const treeOfTar = async (tar: Readable, taken: Taken = {}): Promise<Tree> => {
  const tree = new Map<string, string>()
  for await (const entry of tarEntries(tar, { strict: true })) {
    const path = plain(entry.path)
    if (path !== '') tree.set(path, await lineOf(entry, taken[path]))
  }
  return tree
}

/** Says how two trees differ: the paths of the first that the second lacks, those that came, and those that changed. */
export const compare = (one: Tree, other: Tree) => {
  const paths = unlike(one, other)
  return {
    gone: paths.filter(path => !other.has(path)),
    come: paths.filter(path => !one.has(path)),
    changed: paths.filter(path => one.has(path) && other.has(path)),
  }
}

/** Returns the paths that only one of two trees has, or that are not the same in both, sorted. */
export const unlike = (one: Tree, other: Tree): string[] =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter(path => one.get(path) !== other.get(path))
    .toSorted()

const lineOf = async (entry: TarEntry, take?: (text: string) => string): Promise<string> => {
  const { kind, mode, uid, gid, linkPath, device } = entry
  const hash = createHash('sha256')
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.body) {
    if (take === undefined) hash.update(chunk)
    else chunks.push(chunk)
  }
  const text = take?.(Buffer.concat(chunks).toString())
  if (text !== undefined) hash.update(text)
  const size = text?.length ?? entry.size
  const link = kind === 'hardlink' ? plain(linkPath) : linkPath
  const xattrs = [...entry.xattrs].map(([name, value]) => `${name}=${value.toString('hex')}`)
  const numbers = Object.values(device).join(':')
  const cells = [kind, mode.toString(8), `${uid}:${gid}`, size, link, numbers, ...xattrs.toSorted()]
  return [...cells, hash.digest('hex')].join(' ')
}

const plain = (path: string): string => path.replace(/^(?:\.?\/)+|^\.$|\/$/g, '')

const run = async (client: string, words: readonly string[]): Promise<{ stdout: string }> => {
  const { exitCode, stdout, stderr } =
    client === 'docker' ? await docker(words) : await podman(words)
  expect(exitCode, stderr).toBe(0)
  return { stdout }
}
