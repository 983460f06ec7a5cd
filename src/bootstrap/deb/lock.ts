import * as v from 'valibot'
import { BootstrapError } from '../errors.ts'
import type { BootstrapRequest, PackageRecord, PackageSet, VerifiedSuite } from '../types.ts'
import { lockForm, PARTS, type PackagesLock } from './lock-form.ts'
import { addressOf } from './packages-index.ts'
import { withoutLogin } from './sources.ts'

/** What a root filesystem has besides packages. */
export type LockedRest = Pick<PackagesLock, 'tool' | 'slim' | 'keyring' | 'sources'> & {
  readonly own?: string | null
}

/**
 * Returns the lock of a set of packages. `archiveOf` gives the distribution's own address of a suite, so that the
 * mirror that happened to be near is not in it.
 */
export const lockOf = (
  request: Pick<
    BootstrapRequest,
    'distribution' | 'codename' | 'architecture' | 'variant' | 'include' | 'exclude'
  >,
  set: PackageSet,
  rest: LockedRest,
  archiveOf: (suite: string) => string | undefined,
): PackagesLock => {
  const { distribution, codename, architecture, variant, include, exclude } = request
  return {
    lock: 1,
    distribution,
    codename,
    architecture,
    variant,
    include: [...include],
    exclude: [...exclude],
    ...rest,
    own: rest.own ?? null,
    epoch: set.epoch,
    newer: set.newer,
    suites: set.suites.map(({ source, date, sha256 }) => ({
      suite: source.suite,
      archive: archiveOf(source.suite) ?? withoutLogin(source.archive),
      role: source.role,
      components: [...source.components],
      date: new Date(date).toISOString(),
      sha256,
    })),
    packages: PARTS.flatMap(part => set[part].map(record => rowOf(record, part))),
  }
}

const rowOf = (record: PackageRecord, part: (typeof PARTS)[number]) => ({
  name: record.name,
  version: record.version,
  architecture: record.architecture,
  sha256: record.sha256,
  size: record.size,
  suite: record.origin.suite,
  component: record.origin.component,
  filename: record.filename,
  part,
  priority: record.priority,
  section: record.section,
  installedBytes: record.installedBytes,
})

/** Returns a lock as a file, a line for each package, so that a difference of two shows which. */
export const lockText = ({ suites, packages, ...head }: PackagesLock): string => {
  const list = (name: string, rows: readonly unknown[]) =>
    ` "${name}": [\n${rows.map(row => `  ${JSON.stringify(row)}`).join(',\n')}\n ]`
  const fields = Object.entries(head).map(([name, value]) => ` "${name}": ${JSON.stringify(value)}`)
  return `{\n${[...fields, list('suites', suites), list('packages', packages)].join(',\n')}\n}\n`
}

/** The most bytes that a lock may have. */
export const LARGEST_LOCK = 20_000_000

/** Reads a lock. Throws `lock-malformed` with the place of what is wrong; `file` names it. */
export const readLock = (text: string, file: string): PackagesLock => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw malformed(file, 'it is not JSON')
  }
  const result = v.safeParse(lockForm, value)
  if (!result.success) {
    const [issue] = result.issues
    throw malformed(file, `${v.getDotPath(issue) ?? 'it'} is not as it must be`)
  }
  const lock = result.output
  const suites = new Set(lock.suites.map(({ suite }) => suite))
  const lost = lock.packages.find(({ suite }) => !suites.has(suite))
  if (lost !== undefined) throw malformed(file, `${lost.name} is of a suite that is not in it`)
  if (lock.suites.length === 0 || lock.packages.length === 0) throw malformed(file, 'it is empty')
  return lock
}

const malformed = (file: string, why: string): BootstrapError =>
  new BootstrapError('lock-malformed', `${file} is not a packages.lock: ${why}.`, [
    'Make it again: create-base-image rootfs DISTRO:RELEASE --lock packages.lock > rootfs.tar',
  ])

/** What must be as the lock says. */
export type LockQuestion = Pick<
  BootstrapRequest,
  'distribution' | 'codename' | 'architecture' | 'variant' | 'include' | 'exclude' | 'sources'
> &
  Pick<LockedRest, 'slim' | 'keyring' | 'own'> & {
    /** Seconds since 1970 that a person asks for, or null. */
    readonly epoch: number | null
  }

/**
 * Returns the packages of a lock as a set, each from the request's own mirror where that has its suite. Throws
 * `lock-differs`, which names everything that is asked for and is not in the lock.
 */
export const lockedSet = (lock: PackagesLock, question: LockQuestion): PackageSet => {
  refuseOther(lock, question)
  const sourceOf = (suite: string) => question.sources.find(one => one.suite === suite)
  const origins = new Map(
    lock.suites.map(row => {
      const source = sourceOf(row.suite)
      return [row.suite, { ...row, archive: withoutLogin(source?.archive ?? row.archive) }]
    }),
  )
  const records = lock.packages.map(row => {
    const { archive, role } = origins.get(row.suite)!
    const { suite, component, part, ...rest } = row
    const record: PackageRecord = {
      ...rest,
      url: addressOf(archive, row.filename),
      essential: false,
      origin: { archive, suite, component, role },
      stanza: '',
    }
    return { part, record }
  })
  const those = (wanted: (typeof PARTS)[number]) =>
    records.flatMap(({ part, record }) => (part === wanted ? record : []))
  return {
    suites: lock.suites.map(row => suiteOf(row, sourceOf(row.suite)?.archive ?? row.archive)),
    missing: question.sources.filter(({ suite }) => !origins.has(suite)),
    required: those('required'),
    base: those('base'),
    extras: those('extras'),
    epoch: lock.epoch,
    newer: lock.newer,
  }
}

const suiteOf = (row: PackagesLock['suites'][number], archive: string): VerifiedSuite => {
  const { suite, components, role, sha256, date } = row
  return {
    source: { archive, suite, components, role, optional: false },
    sha256,
    date: Date.parse(date),
    signedBy: [],
  }
}

const refuseOther = (lock: PackagesLock, question: LockQuestion): void => {
  const { distribution, codename, architecture, variant, slim, keyring } = question
  const asked = {
    distribution,
    codename,
    architecture,
    variant,
    include: list(question.include),
    exclude: list(question.exclude),
    slim,
    keyring,
    own: question.own ?? null,
    epoch: question.epoch ?? lock.epoch,
  }
  const locked = { ...lock, include: list(lock.include), exclude: list(lock.exclude) }
  const differences = (Object.keys(asked) as (keyof typeof asked)[])
    .filter(name => asked[name] !== locked[name])
    .map(name =>
      name === 'own'
        ? '--copy, --hook and --sources give other files than in the lock'
        : `${name} is ${said(locked[name])} in the lock, and ${said(asked[name])} here`,
    )
  if (differences.length === 0) return
  throw new BootstrapError(
    'lock-differs',
    `The lock is for another root filesystem: ${differences.join('; ')}.`,
    ['Leave these flags out, or make a new lock with --lock FILE instead of --locked FILE.'],
  )
}

const list = (some: readonly string[]): string => [...new Set(some)].sort().join(',')

const said = (value: string | boolean | number | null): string => {
  if (value === null || value === '') return 'none'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return String(value)
}
