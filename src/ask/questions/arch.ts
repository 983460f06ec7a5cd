import type { Arch } from '../../engine/facts.ts'
import type { Distribution } from '../../catalog/types.ts'
import { UsageError } from '../../errors.ts'
import { lacking } from '../lacks.ts'
import type { Question } from '../question.ts'

/** The architectures that images are made for; a raw program is written for each of them. */
export const ARCHES: readonly Arch[] = [
  'amd64',
  'arm64',
  'arm',
  '386',
  'ppc64le',
  's390x',
  'riscv64',
  'loong64',
]
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

/** Returns the architecture. Throws UsageError when a distribution is not made for it. */
export const archOfDistro = (
  one: Pick<Distribution, 'title' | 'architectures'>,
  asked: Arch,
): Arch => {
  const { title, architectures } = one
  if (architectures === null || architectures.includes(asked)) return asked
  throw lacking({
    flag: '--arch',
    title,
    what: `packages for ${asked}`,
    nearest: null,
    all: `It is made for ${architectures.join(', ')}: an engine with emulation makes it with --arch ${architectures[0]}.`,
  })
}

export const arch: Question<Arch> = {
  name: 'arch',
  group: 'how',
  value: ARCHES.slice(0, 2).join('|') + '|…',
  says: "The image's architecture",
  standard: "the engine's; without one, the machine's",
  prompt: {
    label: 'Made for',
    message: 'For which processors?',
    hint: `One of ${ARCHES.join(', ')}. An empty answer means this machine's own.`,
  },
  parse: text => {
    const asked = text
      .trim()
      .toLowerCase()
      .replace(/^linux\//, '')
    const name = ALIASES[asked] ?? asked
    if (ARCHES.includes(name)) return name
    throw new UsageError(`--arch does not know "${text}".`, [`Valid values: ${ARCHES.join(', ')}.`])
  },
}
