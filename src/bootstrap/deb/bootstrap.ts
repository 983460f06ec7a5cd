import type { PackageRecord, PackageSet, SuiteSource, VerifiedSuite } from '../types.ts'
import { newestDate, packagesOf } from './package-set.ts'
import { openPackages, type IndexedPackage, type PackagesIndex } from './packages-index.ts'
import { resolve } from './resolve.ts'
import { fetchIndexes, openSuite, type Opening, type OpenSuite } from './suite.ts'
import { compareVersions } from './version.ts'

/** The verified suites of a request; optional ones that the archive does not have are in `missing`. */
export interface OpenSuites {
  readonly suites: readonly OpenSuite[]
  readonly missing: readonly SuiteSource[]
}

/**
 * Fetches and verifies the signed index of every suite, all at once: one conditional request each when nothing changed.
 * Throws a BootstrapError with an IndexCode or a FetchCode.
 */
export const openSuites = async (opening: Opening): Promise<OpenSuites> => {
  const { sources } = opening.request
  const opened = await Promise.all(sources.map(source => openSuite(source, opening)))
  return {
    suites: opened.flatMap(suite => suite ?? []),
    missing: sources.filter((_, n) => opened[n] === null),
  }
}

/**
 * Returns the verified packages that a request's root filesystem is made of, with their sizes and hashes. Throws a
 * BootstrapError that says what is wrong with the index or with the set.
 */
export const planPackages = async (opening: Opening): Promise<PackageSet> =>
  planFrom(await openSuites(opening), opening)

/** Returns the packages as planPackages does, from suites that are open already. */
const planFrom = async (open: OpenSuites, opening: Opening): Promise<PackageSet> => {
  const { request } = opening
  const files = await Promise.all(open.suites.map(suite => fetchIndexes(suite, opening)))
  const index = openPackages(files.flat(), request.architecture)
  const resolved = resolve(request, index)
  return {
    suites: open.suites.map(publicSuite),
    missing: open.missing,
    required: resolved.required.map(recordOf),
    base: resolved.base.map(recordOf),
    extras: resolved.extras.map(recordOf),
    epoch: epochOf(open.suites),
    newer: packagesOf(resolved).filter(one => isNewer(one, index)).length,
  }
}

const publicSuite = ({ source, sha256, date, signedBy }: OpenSuite): VerifiedSuite => ({
  source,
  sha256,
  date,
  signedBy,
})

/** The date that the root filesystem bears: its newest index's, so that it does not depend on when it is made. */
const epochOf = (suites: readonly OpenSuite[]): number => Math.floor(newestDate(suites) / 1000)

const isNewer = (one: IndexedPackage, index: PackagesIndex): boolean => {
  const released = index.all(one.name).find(({ origin }) => origin.role === 'release')
  return released === undefined || compareVersions(one.version, released.version) > 0
}

/** Takes the package's own stanza out of the index's memory, so that the rest of it can be given back. */
const recordOf = ({
  depends: _depends,
  preDepends: _preDepends,
  provides: _provides,
  conflicts: _conflicts,
  breaks: _breaks,
  ...record
}: IndexedPackage): PackageRecord => record
