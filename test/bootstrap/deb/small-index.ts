import { openPackages, type PackagesIndex } from '../../../src/bootstrap/deb/packages-index.ts'
import type { SuiteRole } from '../../../src/bootstrap/types.ts'

/** A package in a few words: `bash 5.2 required`, with fields after it. */
export type Row = readonly [words: string, fields?: Readonly<Record<string, string>>]

/** Returns the text of a Packages file. */
export const packagesText = (rows: readonly Row[]): string =>
  rows
    .map(([words, fields = {}]) => {
      const [name, version = '1', priority = 'optional'] = words.split(' ')
      const all = {
        Package: name,
        Version: version,
        Architecture: 'amd64',
        Priority: priority,
        Section: 'misc',
        Filename: `pool/${name}_${version}_amd64.deb`,
        Size: '1000',
        SHA256: 'ab'.repeat(32),
        ...fields,
      }
      return `${Object.entries(all)
        .map(([field, value]) => `${field}: ${value}`)
        .join('\n')}\n`
    })
    .join('\n')

/** Returns an index of one or more suites, for tests. */
export const smallIndex = (
  suites: Readonly<Record<string, { readonly rows: readonly Row[]; readonly role?: SuiteRole }>>,
): PackagesIndex =>
  openPackages(
    Object.entries(suites).map(([suite, { rows, role = 'release' }]) => ({
      bytes: Buffer.from(packagesText(rows)),
      origin: { archive: 'http://mirror.test/debian', suite, component: 'main', role },
    })),
    'amd64',
  )
