import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeLicences } from '../../scripts/build/licences.mjs'

let root: string

beforeEach(() => {
  root = `${mkdtempSync(join(tmpdir(), 'cbi-licences-'))}/`
})

afterEach(() => rmSync(root, { recursive: true }))

const add = (folder: string, name: string, licence?: string): void => {
  mkdirSync(join(root, folder), { recursive: true })
  const manifest = { name, version: '1.2.3', license: 'MIT' }
  writeFileSync(join(root, folder, 'package.json'), JSON.stringify(manifest))
  if (licence !== undefined) writeFileSync(join(root, folder, 'LICENSE.md'), licence)
}

/** What esbuild tells of bundles: the bytes that each input left in an output. */
const bundled = (bytes: Readonly<Record<string, number>>) => [
  {
    outputs: {
      'a.js': {
        inputs: Object.fromEntries(
          Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
        ),
      },
    },
  },
]

test('each bundled package is there once with its text, a nested one too; one that left nothing is not', async () => {
  add('node_modules/a', 'a', 'Text of a')
  add('node_modules/a/node_modules/@b/c', '@b/c', 'Text of c')
  add('node_modules/gone', 'gone', 'Text of gone')
  const metafiles = bundled({
    'src/cli.ts': 9,
    'node_modules/a/one.js': 1,
    'node_modules/a/two.js': 1,
    'node_modules/a/node_modules/@b/c/lib/index.js': 1,
    'node_modules/gone/index.js': 0,
  })
  await writeLicences(root, metafiles, `${root}out.txt`)
  const text = readFileSync(`${root}out.txt`, 'utf8')
  expect(text.match(/^.* 1\.2\.3 \(MIT\)$/gm)).toEqual(['a 1.2.3 (MIT)', '@b/c 1.2.3 (MIT)'])
  expect(text).toContain('Text of a\n')
  expect(text).toContain('Text of c\n')
})

test('packages whose licences have the same words share them, each with its own copyright', async () => {
  const words = 'Permission is hereby granted'
  add('node_modules/a', 'a', `MIT License\n\nCopyright (c) Ann\n\n${words},\nfree of charge.\n`)
  add('node_modules/b', 'b', `Copyright (c) Bea\n(c) 2020 Cid\n\n${words}, free\nof charge.\n`)
  add('node_modules/c', 'c', `Copyright (c) Dan\n\n${words}, but not to all.\n`)
  const inputs = ['a', 'b', 'c'].map(name => [`node_modules/${name}/index.js`, 1])
  await writeLicences(root, bundled(Object.fromEntries(inputs)), `${root}out.txt`)
  const text = readFileSync(`${root}out.txt`, 'utf8')
  for (const holder of ['(c) Ann', '(c) Bea', '(c) 2020 Cid', '(c) Dan'])
    expect(text).toContain(holder)
  expect(text.split(words)).toHaveLength(3)
  expect(text.indexOf('c 1.2.3')).toBeGreaterThan(text.indexOf(words))
})

test('a package without a licence text ends the build', async () => {
  add('node_modules/a', 'a')
  await expect(
    writeLicences(root, bundled({ 'node_modules/a/one.js': 1 }), `${root}out.txt`),
  ).rejects.toThrow('a is bundled, and neither its package nor scripts/build has its licence.')
})
