import { expect, test } from 'vitest'
import { archOf, archOfMachine } from '../../src/engine/arch.ts'

test.each([
  ['x64', 'amd64'],
  ['ia32', '386'],
  ['arm64', 'arm64'],
  ['arm', 'arm'],
  ['ppc64', 'ppc64le'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
  ['loong64', 'loong64'],
  ['mipsel', 'mipsle'],
  ['something-new', 'something-new'],
])('Node on %s is %s for an engine', (node, arch) => {
  expect(archOf(node, 'LE')).toBe(arch)
})

test('a PowerPC with the big end first is another architecture', () => {
  expect(archOf('ppc64', 'BE')).toBe('ppc64')
})

test.each([
  ['x86_64\n', 'amd64'],
  ['AMD64', 'amd64'],
  ['aarch64', 'arm64'],
  ['arm64', 'arm64'],
  ['armv6l', 'arm'],
  ['armv7l', 'arm'],
  ['i386', '386'],
  ['i686', '386'],
  ['ppc64le', 'ppc64le'],
  ['ppc64', 'ppc64'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
  ['loongarch64', 'loong64'],
  ['x64', 'amd64'],
  ['armhf', 'arm'],
  ['armel', 'arm'],
  ['arm', 'arm'],
  ['x86', '386'],
  ['powerpc64le', 'ppc64le'],
  ['loong64', 'loong64'],
  // What only begins or ends like a name is another machine.
  ...['xx64', 'x64x', 'xarm64', 'arm64be', 'xarm', 'armada', 'xi386', 'i3860'].map(
    name => [name, name] as const,
  ),
  ...['xppc64le', 'ppc64lex', 'xloong64', 'loong64x'].map(name => [name, name] as const),
] as const)('uname %j is %s for an engine', (machine, arch) => {
  expect(archOfMachine(machine)).toBe(arch)
})
