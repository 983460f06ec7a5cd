import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PackageRecord } from '../../../src/bootstrap/types.ts'
import { madeDeb, type MadeDeb } from './made-deb.ts'

/** Packages in a folder, as an index would tell of them, and where each is. */
export interface WrittenDebs {
  readonly packages: readonly PackageRecord[]
  readonly paths: readonly string[]
  readonly remove: () => Promise<void>
}

/** Writes packages into a new folder. */
export const writtenDebs = async (debs: readonly MadeDeb[]): Promise<WrittenDebs> => {
  const folder = await mkdtemp(join(tmpdir(), 'debs-test-'))
  const paths: string[] = []
  const packages: PackageRecord[] = []
  for (const deb of debs) {
    const bytes = madeDeb(deb)
    const { name = 'hello', version = '1.0', architecture = 'all' } = deb
    paths.push(join(folder, name))
    await writeFile(join(folder, name), bytes)
    packages.push({
      name,
      version,
      architecture,
      filename: `pool/${name}.deb`,
      url: `http://mirror/pool/${name}.deb`,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      priority: 'required',
      section: 'base',
      essential: false,
      installedBytes: 1000,
      origin: { archive: 'http://mirror', suite: 'x', component: 'main', role: 'release' },
      stanza: '',
    })
  }
  return { packages, paths, remove: () => rm(folder, { recursive: true, force: true }) }
}
