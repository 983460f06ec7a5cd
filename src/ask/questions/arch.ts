import type { Arch } from '../../engine/facts.ts'
import { ARCHES } from '../../catalog/arches.ts'
import { distributionAt } from '../../catalog/older.ts'
import { releaseTitle } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { lacking } from '../lacks.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

/** What Debian and Ubuntu call an architecture, and the machine that its cross compilers make programs for. */
export const CROSS: Readonly<Record<Arch, { readonly debian: string; readonly machine: string }>> =
  {
    amd64: { debian: 'amd64', machine: 'x86_64-linux-gnu' },
    arm64: { debian: 'arm64', machine: 'aarch64-linux-gnu' },
    arm: { debian: 'armhf', machine: 'arm-linux-gnueabihf' },
    '386': { debian: 'i386', machine: 'i686-linux-gnu' },
    ppc64le: { debian: 'ppc64el', machine: 'powerpc64le-linux-gnu' },
    s390x: { debian: 's390x', machine: 's390x-linux-gnu' },
    riscv64: { debian: 'riscv64', machine: 'riscv64-linux-gnu' },
  }

const ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  i386: '386',
  i686: '386',
  armhf: 'arm',
  armel: 'arm',
  armv7: 'arm',
  armv7l: 'arm',
  'arm/v7': 'arm',
  'arm64/v8': 'arm64',
  armv8: 'arm64',
  ppc64el: 'ppc64le',
  loongarch64: 'loong64',
}

/** Returns the architecture. Throws UsageError when a release is not made for it. */
export const archOfRelease = (release: Release, asked: Arch): Arch => {
  const { architectures } = distributionAt(release)
  if (architectures === null || architectures.includes(asked)) return asked
  throw lacking({
    flag: '--arch',
    title: releaseTitle(release),
    what: `packages for ${asked}`,
    nearest: null,
    all: `It is made for ${architectures.join(', ')}: --arch ${architectures[0]}, which an engine of another architecture makes by emulation.`,
  })
}

/** Returns the architecture that a text names. Throws UsageError for an unknown one. */
export const oneArch = (text: string): Arch => {
  const asked = text
    .trim()
    .toLowerCase()
    .replace(/^linux\//, '')
  const name = ALIASES[asked] ?? asked
  if (ARCHES.includes(name)) return name
  throw new UsageError(`--arch does not accept "${text}".`, [`Valid values: ${ARCHES.join(', ')}.`])
}

/** Its value has each architecture once, in the order of `ARCHES`, however they were given. */
export const arch: Question<readonly Arch[]> = {
  ...flagOf('arch'),
  prompt: {
    label: 'Made for',
    message: 'For which processors?',
    hint: `One of ${ARCHES.join(', ')}; several, separated by commas, for one image of all. Leave it empty for this machine's own.`,
  },
  parse: text => {
    const named = text.split(',').map(oneArch)
    return ARCHES.filter(name => named.includes(name))
  },
}
