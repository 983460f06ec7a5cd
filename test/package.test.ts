import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

test('the package is one bundle of 250 kB at most, with what it needs inside', () => {
  const argv = ['pack', '--dry-run', '--ignore-scripts', '--json']
  const told = execFileSync('npm', argv, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [pack] = JSON.parse(told) as { size: number; files: { path: string }[] }[]
  const paths = pack!.files.map(({ path }) => path)
  expect(pack!.size).toBeLessThanOrEqual(250_000)
  expect(paths).toEqual(
    expect.arrayContaining(['bin/create-base-image.js', 'dist/cli.js', 'assets/hello.c']),
  )
  expect(paths.filter(path => /^(?:src|test|scripts|docs|node_modules)\//.test(path))).toEqual([])
})

test('nothing is installed beside it', async () => {
  const { default: manifest } = (await import('../package.json', { with: { type: 'json' } })) as {
    default: Record<string, unknown>
  }
  expect(manifest['dependencies']).toBeUndefined()
  expect(manifest['optionalDependencies']).toBeUndefined()
})
