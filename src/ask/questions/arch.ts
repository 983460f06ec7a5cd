import type { Arch } from '../../engine/facts.ts'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'

const KNOWN = ['amd64', 'arm64', 'arm', '386', 'ppc64le', 's390x', 'riscv64', 'loong64']
const ALIASES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  x64: 'amd64',
  aarch64: 'arm64',
  i386: '386',
}

export const arch: Question<Arch> = {
  name: 'arch',
  group: 'how',
  value: KNOWN.slice(0, 2).join('|') + '|…',
  says: "The image's architecture",
  standard: "the engine's; without one, the machine's",
  prompt: {
    label: 'Made for',
    message: 'For which processors?',
    hint: `One of ${KNOWN.join(', ')}. An empty answer means this machine's own.`,
  },
  parse: text => {
    const name = ALIASES[text] ?? text
    if (KNOWN.includes(name)) return name
    throw new UsageError(`--arch does not know "${text}".`, [`Valid values: ${KNOWN.join(', ')}.`])
  },
}
