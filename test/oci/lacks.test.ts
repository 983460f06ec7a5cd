import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { archiveText } from '../../src/commands/inspect-text.ts'
import { rawProgram } from '../../src/elf/raw.ts'
import { starterIn } from '../../src/elf/starter.ts'
import { examineSource } from '../../src/oci/inspect.ts'
import { openArchive } from '../../src/oci/source.ts'
import { madeArchive, madeTar, type Made } from './make-tar.ts'
import { room } from './room.ts'

const LOADER = '/lib64/ld-linux-x86-64.so.2'
const program = (path: string, loader?: string): Made => ({
  path,
  body: Buffer.from(rawProgram('hello', 'amd64', loader)),
  mode: 0o755,
})
const script = (path: string, line: string): Made => ({
  path,
  body: `#!${line}\necho\n`,
  mode: 0o755,
})
const plain = (path: string): Made => ({ path, body: 'x' })
const link = (path: string, to: string): Made => ({ path, type: '2', link: to })

/** The facts of an image of these layers that starts /hello. */
const factsOf = async (...layers: readonly (readonly Made[])[]) => {
  const path = join(await room(), 'image.tar')
  await writeFile(path, madeArchive(layers.map(each => madeTar(each))))
  return (await examineSource(await openArchive(path), undefined, starterIn)).facts
}

test('a program whose loader is not in the image is told, for a person and a program', async () => {
  const facts = await factsOf([program('hello', LOADER)])
  expect(facts.images[0]).toMatchObject({
    lacks: { kind: 'loader', path: LOADER, of: '/hello' },
  })
  expect(facts.images[0]).not.toHaveProperty('missing')
  expect(archiveText('image.tar', facts)).toContain(
    `/hello is in it, but not the loader that it asks for, ${LOADER}:
              no container of it can start ("no such file or directory")\n`,
  )
})

test.each<[string, readonly (readonly Made[])[], string, string]>([
  ['a script without its interpreter', [[script('hello', '/bin/sh -e')]], '/bin/sh', '/hello'],
  [
    'a script whose interpreter lacks its loader',
    [[script('hello', '/bin/sh'), program('bin/sh', LOADER)]],
    LOADER,
    '/bin/sh',
  ],
  [
    'a loader that a later layer deletes',
    [[program('hello', LOADER), plain(LOADER.slice(1))], [plain('lib64/.wh.ld-linux-x86-64.so.2')]],
    LOADER,
    '/hello',
  ],
  [
    'a program that a later layer puts in the place of another',
    [[program('hello')], [program('hello', LOADER)]],
    LOADER,
    '/hello',
  ],
  [
    'a hard link to such a program',
    [[program('bin/busybox', LOADER), { path: 'hello', type: '1', link: 'bin/busybox' }]],
    LOADER,
    '/hello',
  ],
])('so is %s', async (_, layers, path, of) => {
  expect((await factsOf(...layers)).images[0]).toMatchObject({ lacks: { path, of } })
})

test.each<[string, readonly (readonly Made[])[]]>([
  ['a static program', [[program('hello')]]],
  ['a dynamic one with its loader', [[program('hello', LOADER), plain(LOADER.slice(1))]]],
  ['one whose loader another layer has', [[plain(LOADER.slice(1))], [program('hello', LOADER)]]],
  ['one whose loader stands below a link', [[program('hello', LOADER), link('lib64', 'usr/lib')]]],
  ['one that is reached by a link', [[program('bin/tool', LOADER), link('hello', 'bin/tool')]]],
  ['a static one in its place', [[program('hello', LOADER)], [program('hello')]]],
  ['a file that nobody may run', [[{ ...program('hello', LOADER), mode: 0o644 }]]],
  ['one whose loader stands behind ..', [[program('hello', '/usr/../lib64/ld.so')]]],
  ['a text', [[{ path: 'hello', body: 'hello\n', mode: 0o755 }]]],
  ['a cut program', [[{ path: 'hello', body: '\x7fELF', mode: 0o755 }]]],
])('%s is not', async (_, layers) => {
  expect((await factsOf(...layers)).images[0]).not.toHaveProperty('lacks')
})

test('scripts of one another end somewhere', async () => {
  const { images } = await factsOf([script('hello', '/other'), script('other', '/hello')])
  expect(images[0]).not.toHaveProperty('lacks')
})
