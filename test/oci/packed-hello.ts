import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packImage } from '../../src/oci/pack.ts'
import type { ImageSpec, PackedImage } from '../../src/oci/types.ts'
import { specOf, textFile } from './room.ts'

/** Packs a static program that prints a line of its own, under a name of its own. */
export const packedHello = async (
  at: string,
): Promise<{ spec: ImageSpec; packed: PackedImage; file: string }> => {
  await writeFile(
    join(at, 'hello.c'),
    '#include <stdio.h>\nint main(void) { puts("packed by hand"); }\n',
  )
  execFileSync(CC[0], [...CC[1], join(at, 'hello'), join(at, 'hello.c')])
  const reference = `cbi-oci-test-${randomBytes(4).toString('hex')}:latest`
  const program = { path: 'hello', source: { path: join(at, 'hello') }, mode: 0o755 }
  const spec = specOf(
    [program, textFile('etc/motd', 'hi\n'), textFile(`${'d'.repeat(120)}/grüße`, 'long')],
    { reference, arch: archOf(), labels: { test: 'oci' }, env: ['A=b'], workdir: '/etc' },
  )
  const file = join(at, 'image.tar')
  return { spec, packed: await packImage(spec, file), file }
}

const CC = ['cc', ['-static', '-Os', '-o']] as const

const archOf = (): string =>
  ({ x64: 'amd64', arm64: 'arm64' })[process.arch as string] ?? process.arch
