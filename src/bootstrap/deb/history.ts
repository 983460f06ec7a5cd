import { BootstrapError } from '../errors.ts'
import type { Fetcher } from '../types.ts'
import type { PackagesLock } from './lock-form.ts'
import { addressOf } from './packages-index.ts'
import { snapshotOf } from '../../text/moment.ts'
import { snapshotArchive } from './sources.ts'

/**
 * Returns a fetcher that looks for a locked package that its mirror no longer has at the lock's own archive, then in the
 * archive's history. The lock's hashes say what is taken, so that it does not matter where it is from.
 */
export const withHistory = (fetcher: Fetcher, lock: PackagesLock): Fetcher => {
  const others = new Map(lock.packages.map(row => [row.sha256, addressesOf(row, lock)]))
  return {
    ...fetcher,
    file: async request => {
      let gone: unknown
      for (const url of [request.url, ...(others.get(request.sha256) ?? [])]) {
        try {
          return await fetcher.file({ ...request, url })
        } catch (error) {
          if (!(error instanceof BootstrapError && error.code === 'not-found')) throw error
          gone ??= error
        }
      }
      throw gone
    },
  }
}

// An index is published some hours before the history has it.
const LATER = 12 * 60 * 60_000

const addressesOf = (row: PackagesLock['packages'][number], lock: PackagesLock): string[] => {
  const { archive, role, date } = lock.suites.find(({ suite }) => suite === row.suite)!
  const moment = snapshotOf(new Date(Date.parse(date) + LATER).toISOString())!
  const past = snapshotArchive(lock.distribution, role, moment)
  return [archive, past].map(place => addressOf(place, row.filename))
}
