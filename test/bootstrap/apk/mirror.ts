import { BootstrapError } from '../../../src/bootstrap/errors.ts'
import type { Fetcher } from '../../../src/bootstrap/types.ts'
import { madeIndex, madePackage } from './repository.ts'
import type { Signer, TestPackage } from './repository.ts'

/** A mirror in memory: the files by their addresses. */
export type Mirror = Map<string, Buffer>

export const MIRROR = 'https://mirror.example/alpine'

/** Returns a mirror with one repository of packages, all signed. */
export const madeMirror = (
  packages: readonly TestPackage[],
  by: Signer,
  { branch = 'v3.20', repository = 'main', architecture = 'x86_64' } = {},
): Mirror => {
  const made = packages.map(each => madePackage(each, by, architecture))
  const folder = `${MIRROR}/${branch}/${repository}/${architecture}`
  return new Map([
    [
      `${folder}/APKINDEX.tar.gz`,
      madeIndex(
        made.map(each => each.record),
        by,
      ),
    ],
    ...made.map(each => [`${folder}/${each.file}`, each.bytes] as const),
  ])
}

/** Returns a fetcher over a mirror in memory. */
export const fetcherOf = (mirror: Mirror): Fetcher => ({
  bytes: async request => {
    const bytes = mirror.get(request.url)
    if (bytes === undefined) {
      throw new BootstrapError('not-found', `The server has no ${request.what}.`)
    }
    request.onBytes?.(bytes.length)
    return { bytes, from: 'network' }
  },
  file: async () => Promise.reject(new Error('nothing here has a hash')),
})
