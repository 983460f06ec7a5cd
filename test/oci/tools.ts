import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { ArchiveFacts } from '../../src/oci/types.ts'

/** What a program printed. */
export interface Ran {
  readonly ok: boolean
  readonly out: string
  readonly all: string
}

/** Runs a program to its end; a missing program counts as failed. */
export const run = (program: string, ...args: readonly string[]): Ran => {
  const child = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 })
  const out = child.stdout ?? ''
  return { ok: child.status === 0, out, all: `${out}${child.stderr ?? ''}` }
}

/** Expects the same images, whatever their layers are stored as. */
export const expectSame = (found: ArchiveFacts, ours: ArchiveFacts): void => {
  const comparable = (facts: ArchiveFacts): unknown =>
    facts.images.map(image => ({
      ...image,
      layers: image.layers.map(({ digest: _digest, storedBytes: _stored, ...layer }) => layer),
    }))
  expect(comparable(found)).toEqual(comparable(ours))
}

/** Returns the files and links of a folder with what is in them; `export` adds some that are not part of the image. */
export const treeOf = async (root: string): Promise<string[]> => {
  const found = run(
    'find',
    root,
    '(',
    '-type',
    'f',
    '-o',
    '-type',
    'l',
    ')',
    '-printf',
    '%P\\0%l\\0%m\\0%U\\n',
  ).out
  const lines = found.split('\n').filter(line => line !== '' && !isEngines(line))
  const told = await Promise.all(lines.map(line => withHash(root, line)))
  return told.toSorted()
}

// Unpacking drops setuid and setgid bits, which a private root has no use for.
const withHash = async (root: string, line: string): Promise<string> => {
  const [path = '', link = '', mode = '', owner = ''] = line.split('\0')
  if (link !== '') return `${path} -> ${link} ${owner}`
  const hash = createHash('sha1')
    .update(await readFile(join(root, path)))
    .digest('hex')
  return `${path} ${mode.slice(-3)} ${owner} ${hash}`
}

const isEngines = (line: string): boolean =>
  /^(\.dockerenv|dev\/.*|etc\/(hosts|hostname|resolv\.conf|mtab))\0/.test(line)

/** Returns the same for what `docker export` makes of an image. */
export const exportedTree = (client: string, image: string, at: string): Promise<string[]> => {
  const container = run(client, 'create', image).out.trim()
  onTestFinished(() => void run(client, 'rm', '-f', container))
  const exported = join(at, 'exported')
  execFileSync('mkdir', [exported])
  run(client, 'export', '-o', join(at, 'exported.tar'), container)
  run('tar', '-C', exported, '--numeric-owner', '-xpf', join(at, 'exported.tar'))
  return treeOf(exported)
}
