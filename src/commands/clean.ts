import { join } from 'node:path'
import { oneOf } from '../ask/one-of.ts'
import { commandWords } from '../ask/words.ts'
import { assetsFolder } from '../assets.ts'
import { cacheUse, emptyCache, type CacheUse } from '../bootstrap/fetch/cache/evict.ts'
import { cacheFolder, thisMachine } from '../bootstrap/fetch/cache/folder.ts'
import { probeFacts } from '../engine/probe.ts'
import type { Facts } from '../engine/facts.ts'
import { EXIT, MachineError } from '../errors.ts'
import type { Io } from '../terminal/io.ts'
import { ROOTFS } from '../plan/names.ts'
import { findInEngine, removeFound, type Findings, type Found } from '../run/clean-up/clean.ts'
import { deadFolders, removeFolders } from '../run/project/project.ts'
import { removeAsRoot, withRootFolder } from '../run/clean-up/root-folder.ts'
import { ensureSudo } from '../run/root/sudo.ts'
import { counted, size } from '../text/units.ts'
import { mayClean } from './may-clean.ts'

/**
 * Removes what interrupted runs left: their containers, images without a name or a proof, and temporary folders and
 * root filesystems in this folder. At a terminal it lists them and asks; elsewhere, or with `--yes`, it lists and
 * removes; with `--dry-run` it only lists. Prepared builders and unpacked packages stay, because they make the next run fast, unless
 * `--builders`, and so does the cache of packages unless `--cache`; containers of other machines stay unless `--force`.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const { switches, values } = commandWords(argv, 'clean')
  const asked = oneOf('engine', ['auto', 'docker', 'podman'], values.engine ?? 'auto')
  const facts = await probeFacts({ engine: asked, env: io.env, libcs: [] })
  const there = await look(facts, io, switches.has('force'))
  const doomed = doomedOf(there, {
    builders: switches.has('builders'),
    cache: switches.has('cache'),
  })
  await io.out.write(listing(there, doomed))
  const dry = switches.has('dry-run')
  if (!dry && countOf(doomed) > 0) {
    const may = switches.has('yes') || !io.terminal.canAsk || (await mayClean(io, countOf(doomed)))
    if (!may) return EXIT.cancelled
    await remove(doomed, facts, io)
  }
  if (facts.engine === null && !switches.has('cache')) throw withoutEngine(facts)
  return EXIT.done
}

/** What is there of ours. */
interface There extends Findings {
  /** Temporary folders of dead runs. */
  readonly folders: readonly string[]
  /** Folders with a root filesystem of a dead run in them. */
  readonly roots: readonly string[]
  /** Packages and indexes of earlier runs; null for none. */
  readonly cache: (CacheUse & { readonly folder: string }) | null
}

type Doomed = Omit<There, 'kept'>

const look = async ({ engine }: Facts, io: Io, force: boolean): Promise<There> => {
  const nothing: Findings = { found: [], kept: [] }
  const found =
    engine === null ? nothing : await findInEngine(clientOf(engine.client, io), io.cwd, force)
  return {
    ...found,
    folders: deadFolders(io.cwd),
    roots: await withRootFolder(io.cwd, ROOTFS),
    cache: await cacheHere(io.env),
  }
}

const cacheHere = async (env: NodeJS.ProcessEnv): Promise<There['cache']> => {
  const folder = cacheFolder({ ...thisMachine(), env })
  const use = await cacheUse(folder)
  return use.files === 0 ? null : { folder, ...use }
}

const clientOf = (program: string, { cwd, env }: Io) => ({ program, cwd, env })

const doomedOf = (
  { found, folders, roots, cache }: There,
  also: { readonly builders: boolean; readonly cache: boolean },
): Doomed => ({
  found: found.filter(({ kind }) => also.builders || (kind !== 'builder' && kind !== 'stage')),
  folders,
  roots,
  cache: also.cache ? cache : null,
})

const countOf = ({ found, folders, roots, cache }: Doomed): number =>
  found.length + folders.length + roots.length + (cache === null ? 0 : 1)

const remove = async (doomed: Doomed, { engine }: Facts, io: Io): Promise<void> => {
  const removedItems =
    engine === null ? [] : await removeFound(clientOf(engine.client, io), doomed.found)
  await removeFolders(doomed.folders)
  if (doomed.cache !== null) await emptyCache(doomed.cache.folder)
  const kept = doomed.found.filter(one => !removedItems.includes(one)).map(foundText)
  const notRemoved = [...kept, ...(await removeRoots(doomed.roots, io))]
  const removed = countOf(doomed) - notRemoved.length
  const lines = [
    `${counted(removed, 'thing')} removed.`,
    ...notRemoved.map(line => `Not removed: ${line}`),
  ]
  await io.out.write(lines.map(line => `${line}\n`).join(''))
}

/** What a killed run with --bootstrap host left belongs to root. Returns the folders that are still there. */
const removeRoots = async (roots: readonly string[], io: Io): Promise<string[]> => {
  if (roots.length === 0) return []
  const { env, terminal } = io
  const sudo = process.getuid?.() !== 0
  if (sudo) await ensureSudo({ interactive: terminal.canAsk, env })
  const notRemoved: string[] = []
  for (const directory of roots)
    if ((await removeAsRoot(directory, ROOTFS, { sudo, env, assets: assetsFolder() })) !== null)
      notRemoved.push(`${join(directory, ROOTFS)}, which belongs to root`)
  return notRemoved
}

const listing = (there: There, doomed: Doomed): string => {
  const kept = there.found.filter(one => !doomed.found.includes(one))
  const lines = [
    countOf(doomed) === 0 ? 'Nothing to remove.' : 'To remove:',
    ...doomed.folders.map(path => `  the temporary folder ${path}`),
    ...doomed.roots.map(path => `  the root filesystem ${join(path, ROOTFS)}`),
    ...doomed.found.map(one => `  ${foundText(one)}`),
    ...(doomed.cache === null ? [] : [`  ${cacheText(doomed.cache)}`]),
    ...(kept.length === 0 ? [] : ['Kept, because they make the next run fast (--builders):']),
    ...kept.map(one => `  ${foundText(one)}`),
    ...(there.cache === null || doomed.cache !== null
      ? []
      : ['Kept, because it saves downloads (--cache):', `  ${cacheText(there.cache)}`]),
    ...(there.kept.length === 0
      ? []
      : [
          'Kept: they belong to runs still at work, or to another machine (--force removes those):',
        ]),
    ...there.kept.map(id => `  the container ${id.slice(0, 12)}`),
  ]
  return lines.map(line => `${line}\n`).join('')
}

const cacheText = ({ folder, files, bytes }: NonNullable<There['cache']>): string =>
  `the cache of packages ${folder} (${counted(files, 'file')}, ${size(bytes)})`

const WORDS: Readonly<Record<Found['kind'], string>> = {
  container: 'the container',
  unproven: 'the unproven image',
  builder: 'the prepared builder',
  stage: 'unpacked packages',
  'nameless-builder': 'the prepared builder without a name',
  replaced: 'the image whose name a new one took:',
}

const foundText = ({ kind, what, bytes }: Found): string => {
  const name = what.replace(/^(?:sha256:)?([0-9a-f]{12})[0-9a-f]{52}$/, '$1')
  return `${WORDS[kind]} ${name}${bytes === null ? '' : ` (${size(bytes)})`}`
}

const withoutEngine = ({ engineProblem }: Facts): MachineError =>
  new MachineError(
    `Could not look for containers. ${engineProblem?.what ?? ''}`.trim(),
    engineProblem?.todo ?? [],
  )
