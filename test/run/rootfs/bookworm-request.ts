import { assetsFolder } from '../../../src/assets.ts'
import { findRelease } from '../../../src/catalog/releases.ts'
import { requestFor, type RootRequest } from '../../../src/run/rootfs/request.ts'

/** Returns the request for the least of bookworm from a mirror, checked by a keyring, or by the keys that ship for null. */
export const bookwormRequest = (wanted: {
  readonly mirror: string
  readonly keyring: string | null
  readonly updates: boolean
}): Promise<RootRequest> =>
  requestFor(
    {
      release: findRelease('bookworm', '2026-01-01')!,
      arch: 'amd64',
      variant: 'minbase',
      include: [],
      exclude: [],
      components: null,
      near: null,
      snapshot: null,
      ...wanted,
    },
    assetsFolder(),
    Date.now(),
  )
