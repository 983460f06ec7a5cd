import type { BootstrapRequest } from '../types.ts'

/**
 * Returns whether /bin, /sbin and /lib are links into /usr, as debootstrap 1.0.128 makes them for a release
 * (first_stage_install and merge_usr).
 */
export const isMerged = ({
  distribution,
  codename,
  variant,
}: Pick<BootstrapRequest, 'distribution' | 'codename' | 'variant'>): boolean => {
  if (distribution === 'ubuntu')
    return !UBUNTU_APART.has(codename) && !(codename === 'hirsute' && variant === 'buildd')
  return !DEBIAN_APART.has(codename) && !(variant === 'buildd' && BUILDD_APART.has(codename))
}

const DEBIAN_APART: ReadonlySet<string> = new Set(
  'etch lenny squeeze wheezy jessie stretch'.split(' '),
)

const BUILDD_APART: ReadonlySet<string> = new Set('buster bullseye bookworm'.split(' '))

const UBUNTU_APART: ReadonlySet<string> = new Set(
  (
    'gutsy hardy intrepid jaunty karmic lucid maverick natty oneiric precise quantal raring saucy trusty utopic vivid ' +
    'wily xenial yakkety zesty artful bionic cosmic'
  ).split(' '),
)
