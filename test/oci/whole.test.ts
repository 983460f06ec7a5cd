import { expect, test } from 'vitest'
import { nameWatch, type WholeKind } from '../../src/oci/whole.ts'
import { wholeWords } from '../../src/oci/whole-words.ts'

/** What names add up to: a folder's ends in a slash, a link has an @ before it. */
const watched = (...names: string[]) => {
  const watch = nameWatch()
  for (const name of names) {
    const kind = name.endsWith('/') ? 'directory' : name.startsWith('@') ? 'symlink' : 'file'
    watch.add(name.replace(/^@|\/$/g, ''), kind)
  }
  return watch
}

const HEX = 'a'.repeat(64)

test.each<[string, string[], WholeKind | null]>([
  ['two folders of a root filesystem', ['etc/', 'usr/bin/a'], { kind: 'root' }],
  ['a link to one counts', ['@bin', 'etc/passwd'], { kind: 'root' }],
  ['every one of them', ['lib/', 'sbin/'], { kind: 'root' }],
  ['and these', ['var/', 'proc/'], { kind: 'root' }],
  ['and those', ['dev/', 'tmp/'], { kind: 'root' }],
  ['one alone', ['etc/', 'etc/passwd'], null],
  ['files of such names are none', ['etc', 'usr'], null],
  ['other folders', ['home/', 'opt/a'], null],
  ['an archive with such folders in it', ['etc/', 'usr/', 'manifest.json'], null],
  ['a layout', ['index.json', 'blobs/sha256/a'], null],
  ['a layout by its mark', ['oci-layout', 'blobs/sha256/a'], null],
  ['what docker save wrote once', [`${HEX}/layer.tar`], { kind: 'legacy' }],
  ['a layer in another folder', ['b/layer.tar', `x/${HEX}/layer.tar`], null],
  ['another file there', [`${HEX}/json`], null],
  ['an archive below a folder', ['out/manifest.json'], { kind: 'below', folder: 'out' }],
  ['the first of two', ['a/b/index.json', 'c/oci-layout'], { kind: 'below', folder: 'a/b' }],
  ['three folders deep', ['a/b/c/index.json'], { kind: 'below', folder: 'a/b/c' }],
  ['four folders deep', ['a/b/c/d/index.json'], null],
  ['a folder of such a name', ['a/index.json/'], null],
  ['blobs alone', ['blobs/sha256/a'], { kind: 'part' }],
  ['blobs elsewhere', ['blobs/a', 'blobs/sha256/a/b', 'x/blobs/a'], null],
])('%s: %j', (_, names, kind) => {
  expect(watched(...names).kind()).toEqual(kind)
})

test('a root filesystem is known before its end, unless it has many blobs or is an archive', () => {
  const root = ['etc/', 'usr/']
  const blobs = (count: number) => Array.from({ length: count }, (_, at) => `blobs/sha256/${at}`)
  expect(watched('etc/').isNoArchive()).toBe(false)
  expect(watched(...root).isNoArchive()).toBe(true)
  expect(watched(...root, ...blobs(49)).isNoArchive()).toBe(true)
  expect(watched(...root, ...blobs(50)).isNoArchive()).toBe(false)
  expect(watched(...root, 'index.json').isNoArchive()).toBe(false)
})

test.each<[WholeKind | null, string, string[]]>([
  [null, 'has neither the index.json of an OCI image layout nor the manifest.json', []],
  [{ kind: 'part' }, 'has blobs of an OCI image layout, but neither', []],
  [
    { kind: 'root' },
    'is a root filesystem',
    ["Make it an image: docker import 'it'\\''s.tar' my-image"],
  ],
  [
    { kind: 'legacy' },
    'before Docker 1.10',
    ['Load it with an engine that still accepts it, and save it again: docker save.'],
  ],
  [
    { kind: 'below', folder: 'out/x' },
    'is below the folder out/x',
    [
      "Unpack it:                tar -xf 'it'\\''s.tar'",
      'Pack it from inside:      tar -C out/x -cf image.tar .',
    ],
  ],
])('%j is told with the way on', (kind, why, todo) => {
  const words = wholeWords(kind, "it's.tar")
  expect(words.why).toContain(why)
  expect(words.todo).toEqual(todo)
})
