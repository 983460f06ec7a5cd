import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { vendored } from '../../scripts/build/vendor.mjs'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const bundle = async (contents: string) => {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'silent',
    plugins: [vendored],
  })
  return outputFiles[0]!.text
}

test('a vendored library is imported from its own file', async () => {
  const text = await bundle("console.log(await import('openpgp'))")
  expect(text).toContain('import("./vendor/openpgp/openpgp.min.mjs")')
  expect(text.length).toBeLessThan(500)
})

test('one that would be loaded at once is refused', async () => {
  await expect(bundle("import { readKey } from 'openpgp'; readKey()")).rejects.toThrow(
    "load openpgp by await import('openpgp')",
  )
})
