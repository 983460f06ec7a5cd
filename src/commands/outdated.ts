import { resolve } from 'node:path'
import { assetsFolder } from '../assets.ts'
import { usageOf } from '../ask/commands.ts'
import { commandWords } from '../ask/words.ts'
import { planPackages } from '../bootstrap/deb/bootstrap.ts'
import { packageChanges, type PackageChanges } from '../bootstrap/deb/changes.ts'
import type { PackagesLock } from '../bootstrap/deb/lock-form.ts'
import { packagesOf } from '../bootstrap/deb/package-set.ts'
import { BootstrapError } from '../bootstrap/errors.ts'
import { seenIn } from '../bootstrap/fetch/cache/seen.ts'
import { makeFetcher } from '../bootstrap/fetch/fetcher.ts'
import type { PackageSet } from '../bootstrap/types.ts'
import { archOf } from '../engine/arch.ts'
import { publicArchive } from '../engine/probe.ts'
import { EXIT, MachineError, UsageError } from '../errors.ts'
import { LOCK_FILE } from '../plan/names.ts'
import { lockAt } from '../run/rootfs/lock-file.ts'
import { requestFor } from '../run/rootfs/request.ts'
import type { Io } from '../terminal/io.ts'
import { choiceOf, releaseNamed } from './root-choice.ts'
import { plainOf } from './root-failure.ts'
import { counted } from '../text/units.ts'

const USAGE = usageOf('outdated')

/**
 * Tells which packages of a lock have other versions today. Returns 0 when none, 1 when some: so that a schedule can
 * decide whether to build again. What keeps it from knowing is never 1: 2 for wrong usage, else 3.
 */
export const run = async (argv: readonly string[], io: Io): Promise<number> => {
  const words = commandWords(argv, 'outdated')
  try {
    const lock = lockAt(words.positionals[0] ?? LOCK_FILE, io.cwd)
    const set = await today(lock, words, io)
    const changes = packageChanges(lock.packages, packagesOf(set))
    const isOutdated = (Object.values(changes) as readonly unknown[][]).some(
      list => list.length > 0,
    )
    await io.out.write(words.switches.has('json') ? jsonOf(changes, set) : textOf(changes, set))
    return isOutdated ? EXIT.failed : EXIT.done
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error
    const plain = plainOf(error)
    throw plain instanceof UsageError
      ? plain
      : new MachineError((plain as Error).message, error.todo)
  }
}

const today = async (
  lock: PackagesLock,
  words: ReturnType<typeof commandWords>,
  { cwd, env, err }: Io,
): Promise<PackageSet> => {
  const release = releaseNamed(`${lock.distribution}:${lock.codename}`, USAGE)
  const arch = archOf(process.arch)
  const facts = { archive: await publicArchive(), arch }
  const choice = choiceOf(words, { release, lock, facts, arch, cwd })
  const { request } = await requestFor(choice, assetsFolder(), Date.now())
  const { cache } = words.values
  const fetcher = await makeFetcher({
    env,
    isOffline: words.switches.has('offline'),
    onNote: note => void err.write(`${note}\n`),
    onRetry: ({ reason }) => void err.write(`${reason}\n`),
    ...(cache !== undefined && { cache: resolve(cwd, cache) }),
  })
  try {
    const { signal } = new AbortController()
    return await planPackages({ request, fetcher, signal, seen: seenIn(fetcher.store.folder) })
  } finally {
    await fetcher.close()
  }
}

const indexesOf = ({ suites }: PackageSet) =>
  suites.map(({ source, date }) => ({ suite: source.suite, date: new Date(date).toISOString() }))

const jsonOf = (changes: PackageChanges, set: PackageSet): string =>
  `${JSON.stringify({ ...changes, indexes: indexesOf(set) }, null, 2)}\n`

const textOf = ({ newer, older, added, removed }: PackageChanges, set: PackageSet): string => {
  const changed = (word: string) => (one: PackageChanges['newer'][number]) =>
    `${word}  ${one.name}  ${one.from} -> ${one.to}`
  const single = (word: string) => (one: PackageChanges['added'][number]) =>
    `${word}  ${one.name}  ${one.version}`
  const rows = [
    ...newer.map(changed('newer  ')),
    ...older.map(changed('older  ')),
    ...added.map(single('added  ')),
    ...removed.map(single('removed')),
  ]
  const latest = indexesOf(set)
    .map(({ date }) => date)
    .sort()
    .at(-1)!
    .slice(0, 10)
  const total = packagesOf(set).length
  const end =
    rows.length === 0
      ? `${total === 1 ? 'The only package is' : `All ${total} packages are`} the newest, as of ${latest}.`
      : `${rows.length} of ${counted(total, 'package')} ${rows.length === 1 ? 'differs' : 'differ'}, as of ${latest}.`
  return [...rows, end].map(line => `${line}\n`).join('')
}
