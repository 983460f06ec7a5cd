import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { tarEntries } from '../../src/tar/read.ts'
import { docker } from './engine.ts'
import { podman } from './podman.ts'

/** What an image holds: for each path a line with type, mode, owner, size, link, attributes and SHA-256; no times. */
export type Tree = ReadonlyMap<string, string>

/** Returns an image's tree, as `export` has it, so with the few empty files that the engine itself mounts over. */
export const treeOf = async (image: string, client = 'docker'): Promise<Tree> => {
  const words = ['create', '--network', 'none', image, 'true']
  const { stdout: container } = await run(client, words)
  try {
    const tree = new Map<string, string>()
    // Podman opens its stdout by name, which a socket, as Node would give it, has not.
    const exported = spawn('sh', ['-c', '"$0" export "$1" | cat', client, container], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const entry of tarEntries(exported.stdout, { strict: true })) {
      const hash = createHash('sha256')
      for await (const chunk of entry.body) hash.update(chunk)
      const { kind, mode, uid, gid, size, linkPath } = entry
      const xattrs = [...entry.xattrs].map(([name, value]) => `${name}=${value.toString('hex')}`)
      const cells = [kind, mode.toString(8), `${uid}:${gid}`, size, linkPath, ...xattrs.toSorted()]
      tree.set(entry.path, [...cells, hash.digest('hex')].join(' '))
    }
    return tree
  } finally {
    await run(client, ['rm', '--force', container])
  }
}

/** Returns the paths that only one of two trees has, or that are not the same in both, sorted. */
export const unlike = (one: Tree, other: Tree): string[] =>
  [...new Set([...one.keys(), ...other.keys()])]
    .filter(path => one.get(path) !== other.get(path))
    .toSorted()

const run = async (client: string, words: readonly string[]): Promise<{ stdout: string }> => {
  const { exitCode, stdout, stderr } =
    client === 'docker' ? await docker(words) : await podman(words)
  expect(exitCode, stderr).toBe(0)
  return { stdout }
}
