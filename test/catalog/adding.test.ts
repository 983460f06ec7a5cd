import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assetsFolder, readAsset } from '../../src/assets.ts'
import { wrongInScripts } from '../../src/catalog/recipe-scripts.ts'
import { wrongInDistro } from '../../src/catalog/schema.ts'

// docs/adding-a-distribution.md is everything that a stranger has: its examples are taken, and it names every key.

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const document = read('docs/adding-a-distribution.md')

type Table = Record<string, unknown>

const shipped = (name: string): Table =>
  JSON.parse(readFileSync(join(assetsFolder(), 'distros', name, 'distro.json'), 'utf8')) as Table

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A distribution that ships, with the keys of an example in it. */
const merged = (into: Table, example: Table): Table => ({
  ...into,
  ...Object.fromEntries(
    Object.entries(example).map(([key, value]) => [
      key,
      isTable(value) && isTable(into[key]) ? merged(into[key], value) : value,
    ]),
  ),
})

const examples = [...document.matchAll(/^```json\n([^]*?)^```$/gm)].map(
  ([, text = '']) => JSON.parse(`{${text}}`) as Table,
)

test.each(examples.map(example => [Object.keys(example).join(', '), example] as const))(
  'the example of %s may stand in a distro.json',
  (_, example) => {
    const like =
      'zypper' in example
        ? 'opensuse-leap'
        : 'dnf' in example || 'older' in example
          ? 'fedora'
          : 'debian'
    const isWhole = ['deb', 'dnf', 'zypper', 'releases', 'older'].some(key => key in example)
    const part = isWhole ? example : { deb: example }
    expect(wrongInDistro(merged(shipped(like), part))).toEqual([])
  },
)

test('the example of a script is taken, and a shell reads it with what it brings in', () => {
  const [, script = ''] = /^```sh\n(#!\/bin\/sh\n[^]*?)^```$/m.exec(document) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'cbi-adding-'))
  const path = join(folder, 'bootstrap.sh')
  writeFileSync(path, script)
  try {
    expect(wrongInScripts(folder)).toEqual([])
    const whole = readAsset(path)
    for (const name of script.match(/\b(?:say|watch|plain|fail|size|drop_traces)\b/g) ?? [])
      expect(whole).toContain(`${name}() {`)
    if (process.platform !== 'win32')
      expect(spawnSync('sh', ['-n'], { input: whole, encoding: 'utf8' }).stderr).toBe('')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('there are examples of each part', () => {
  const keys = JSON.stringify(examples)
  for (const key of 'releases gone older old others otherArchitectures updates builder'.split(' '))
    expect(keys).toContain(`"${key}":`)
})

test('every key that a distro.json may have is named', () => {
  const schema = read('src/catalog/schema.ts')
  const keys = [...schema.matchAll(/(?<=[{,\n]\s*)(\$?[a-zA-Z]+): (?:v\.|[a-z]+[,)\s])/g)].map(
    ([, key = '']) => key,
  )
  expect(new Set(keys).size).toBeGreaterThan(50)
  const named = (key: string): boolean =>
    ['`', '"', '.'].some(before =>
      ['`', '"'].some(after => document.includes(`${before}${key}${after}`)),
    )
  expect([...new Set(keys)].filter(key => !named(key))).toEqual([])
})
