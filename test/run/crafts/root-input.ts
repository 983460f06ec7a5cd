import type { RootInputs } from '../../../src/plan/craft-inputs.ts'
import type { SmallMirror } from '../../bootstrap/deb/small-mirror.ts'

/** Returns the input of a root filesystem of bookworm from a small mirror, for the crafts of Debian. */
export const rootInput = (mirror: SmallMirror): RootInputs['pack-deb'] => ({
  release: 'bookworm',
  distro: 'debian',
  arch: 'amd64',
  engine: true,
  platform: null,
  variant: 'minbase',
  include: [],
  mirror: mirror.url,
  near: null,
  keyring: mirror.keyring,
  updates: true,
  snapshot: null,
  locked: null,
  slim: false,
})
