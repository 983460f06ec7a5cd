import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { laterEntries } from '../../scripts/build/later.mjs'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cbi-later-'))
  mkdirSync(join(root, 'commands'))
  mkdirSync(join(root, 'other'))
  for (const path of ['commands/index.ts', 'one.ts', 'other/one.ts'])
    writeFileSync(join(root, path), 'export const x = 1')
})

afterEach(() => rmSync(root, { recursive: true }))

const bundle = async (contents: string) => {
  const { entries, plugin } = laterEntries()
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'silent',
    plugins: [plugin],
  })
  return { entries, text: outputFiles[0]!.text }
}

test('what is loaded later is left out, and told', async () => {
  const { entries, text } = await bundle(
    "import { x } from './one.ts'; console.log(x, await import('./commands/index.ts'))",
  )
  expect(entries).toEqual({ commands: join(root, 'commands/index.ts') })
  expect(text).toContain('import("./commands.js")')
})

test('two of one name are refused', async () => {
  await expect(bundle("import('./one.ts'); import('./other/one.ts')")).rejects.toThrow(
    'would both be one.js',
  )
})
