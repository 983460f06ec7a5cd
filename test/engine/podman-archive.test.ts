import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectArchive } from '../../src/oci/inspect.ts'
import { packedHello } from '../oci/packed-hello.ts'
import { room } from '../oci/room.ts'
import { expectSame, run } from '../oci/tools.ts'

const hasCc = run('cc', '--version').ok
const noCc = hasCc ? '' : ' (skipped: there is no C compiler)'
const hasPodman = run('podman', '--version').ok
const noPodman = hasPodman ? '' : ' (skipped: there is no podman)'

test.skipIf(!hasPodman || !hasCc)(
  `podman loads our archive under its ID${noPodman}${noCc}`,
  async () => {
    const at = await room()
    const { file, packed, spec } = await packedHello(at)
    const own = [
      '--storage-driver',
      'vfs',
      '--root',
      join(at, 'store'),
      '--runroot',
      join(at, 'run'),
    ]
    const loaded = run('podman', ...own, 'load', '-i', file)
    expect(loaded.all).toContain(spec.reference)
    const told = run(
      'podman',
      ...own,
      'image',
      'ls',
      '--no-trunc',
      '--format',
      '{{.Id}} {{.Repository}}:{{.Tag}}',
    )
    expect(told.out.trim()).toMatch(
      new RegExp(`^(sha256:)?${packed.id.slice(7)} .*/${spec.reference}$`),
    )
    const saved = run('podman', ...own, 'save', '-o', join(at, 'saved'), spec.reference)
    expect(saved.ok).toBe(true)
    const facts = await inspectArchive(join(at, 'saved'))
    expect(facts.problems).toEqual([])
    expectSame(facts, await inspectArchive(file))
    expect(await readdir(at)).toContain('saved')
  },
  240_000,
)
