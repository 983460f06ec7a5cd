import { endianness } from 'node:os'
import type { Arch } from './facts.ts'

/**
 * The engine's name for an architecture that Node names (`process.arch`).
 * Engines use Go's names (https://go.dev/doc/install/source#environment). A name that is not known stays as it is.
 */
export const archOf = (nodeArch: string, byteOrder: 'BE' | 'LE' = endianness()): Arch => {
  if (nodeArch === 'ppc64' && byteOrder === 'LE') return 'ppc64le'
  return NODE_NAMES.get(nodeArch) ?? nodeArch
}

const NODE_NAMES: ReadonlyMap<string, Arch> = new Map([
  ['x64', 'amd64'],
  ['ia32', '386'],
  ['mipsel', 'mipsle'],
])

/**
 * The engine's name for a machine name of `uname -m`, which `docker info` also gives as `Architecture`.
 * A name that is not known stays as it is, in lower case.
 */
export const archOfMachine = (uname: string): Arch => {
  const machine = uname.trim().toLowerCase()
  return MACHINES.find(([pattern]) => pattern.test(machine))?.[1] ?? machine
}

const MACHINES: readonly (readonly [RegExp, Arch])[] = [
  [/^(x86_64|amd64|x64)$/, 'amd64'],
  [/^(aarch64|arm64)$/, 'arm64'],
  [/^arm(v\d+\w*|hf|el)?$/, 'arm'],
  [/^(i[3-6]86|x86)$/, '386'],
  [/^(ppc64le|powerpc64le)$/, 'ppc64le'],
  [/^(loongarch64|loong64)$/, 'loong64'],
]
