import { posix } from 'node:path'
import { readBlob } from './blob.ts'
import type { Limits, StoredBlob } from './blob.ts'
import { shown, TarProblem } from '../tar/problem.ts'
import { tarEntries } from '../tar/read.ts'
import type { TarEntry } from '../tar/read.ts'
import type { ArchiveSource } from './source.ts'
import { abortable } from '../tar/streams.ts'

/** Everything that one reading of an archive tells. */
export interface Survey {
  /** Gives the file of that name, through links; null when there is none. */
  readonly find: (name: string) => StoredBlob | null
  /** Gives the text of a JSON file of that name; null when there is none or it is too big. */
  readonly text: (name: string) => string | null
  readonly problems: readonly string[]
}

interface Index {
  readonly blobs: Map<string, StoredBlob>
  readonly links: Map<string, string>
}

const MOST_ENTRIES = 20_000
const LONGEST_NAME = 512
const MOST_LINKS = 16
const GIB = 1024 ** 3

/**
 * Reads an archive once from start to end: hashes every file in it, lists every layer, keeps every small JSON file.
 * Memory is bounded whatever the archive holds.
 */
export const survey = async (source: ArchiveSource, signal?: AbortSignal): Promise<Survey> => {
  const index: Index = { blobs: new Map(), links: new Map() }
  const problems: string[] = []
  try {
    await readAll(source, index, signal)
  } catch (error) {
    if (!(error instanceof TarProblem)) throw error
    problems.push(`The archive cannot be read to its end: ${error.message}.`)
  }
  const find = (name: string): StoredBlob | null => findBlob(index, name)
  const text = (name: string): string | null => {
    const content = find(name)?.content
    return content?.kind === 'json' ? content.text : null
  }
  return { find, text, problems: [...problems, ...wronglyNamed(index)] }
}

// Honest images expand to a few times their size; files of zeros to a thousand times, hence the 16 GiB.
const limitsFor = (source: ArchiveSource): Limits => ({
  expanded: { left: Math.max(16 * GIB, source.size * 200) },
  json: { left: 32 * 1024 * 1024 },
  layers: { left: 2000 },
})

const readAll = async (
  source: ArchiveSource,
  index: Index,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const limits = limitsFor(source)
  const chunks = abortable(source.all(limits.expanded), signal)
  let entries = 0
  for await (const entry of tarEntries(chunks, { strict: true })) {
    if (++entries > MOST_ENTRIES) throw new TarProblem(`it has more than ${MOST_ENTRIES} entries`)
    await readEntry(entry, index, limits)
  }
}

const readEntry = async (entry: TarEntry, index: Index, limits: Limits): Promise<void> => {
  const name = cleanName(entry.path)
  if (name.length > LONGEST_NAME) throw new TarProblem('it has a name beyond 512 bytes')
  if (entry.kind === 'file') {
    index.blobs.set(name, await readBlob(entry, limits))
    index.links.delete(name)
  }
  const target = linkTarget(entry, name)
  if (target !== null && target.length <= LONGEST_NAME) index.links.set(name, target)
}

const cleanName = (path: string): string => posix.normalize(path).replace(/^(\.?\/)+/, '')

// `docker save` before 25 wrote a layer that two images share as a symbolic link to the first one's.
const linkTarget = (entry: TarEntry, name: string): string | null => {
  if (entry.kind === 'hardlink') return cleanName(entry.linkPath)
  if (entry.kind !== 'symlink') return null
  return cleanName(posix.join(posix.dirname(name), entry.linkPath))
}

const findBlob = (index: Index, name: string): StoredBlob | null => {
  let at = cleanName(name)
  for (let links = 0; links < MOST_LINKS; links++) {
    const target = index.links.get(at)
    if (target === undefined) return index.blobs.get(at) ?? null
    at = target
  }
  return null
}

// Blobs, and the configs of a docker-archive, are named by their digest.
const wronglyNamed = (index: Index): string[] =>
  [...index.blobs].flatMap(([name, blob]) => {
    const promised = /^(?:blobs\/sha256\/([0-9a-f]{64})|([0-9a-f]{64})\.(?:json|tar))$/.exec(name)
    const hex = promised?.[1] ?? promised?.[2]
    if (hex === undefined || blob.digest === `sha256:${hex}`) return []
    return [`${shown(name)} is damaged: its bytes have the digest ${blob.digest}.`]
  })
