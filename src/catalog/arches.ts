/** The architectures that images are made for; a raw program is written for each of them. */
export const ARCHES: readonly string[] = [
  'amd64',
  'arm64',
  'arm',
  '386',
  'ppc64le',
  's390x',
  'riscv64',
  'loong64',
]
