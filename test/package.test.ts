import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { VENDORED, vendoredPath } from '../scripts/build/vendor.mjs'
import { WASM } from '../scripts/build/wasm.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const DIST = join(ROOT, 'dist')

const read = (path: string): string => readFileSync(path, 'utf8')

/** Our own code as it ships, with the libraries bundled into it; what is vendored is as its makers left it. */
const modules = readdirSync(DIST).filter(name => name.endsWith('.js'))

test('the package is 700 kB at most, with what it needs inside', () => {
  const argv = ['pack', '--dry-run', '--ignore-scripts', '--json']
  const told = execFileSync('npm', argv, {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const [pack] = JSON.parse(told) as { size: number; files: { path: string }[] }[]
  const paths = pack!.files.map(({ path }) => path)
  expect(pack!.size, 'bytes packed: what is not needed must go').toBeLessThanOrEqual(700_000)
  expect(paths).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'bin/create-base-image.js',
      'dist/cli.js',
      'dist/THIRD-PARTY-LICENCES.txt',
      'assets/hello.c',
    ]),
  )
  // An editor fetches this one by the address that answers.json names.
  expect(paths.filter(path => /^(?:src|test|scripts|docs|node_modules)\//.test(path))).toEqual([
    'docs/schema/answers.schema.json',
  ])
})

test('nothing is installed beside it', () => {
  const manifest = JSON.parse(read(join(ROOT, 'package.json'))) as Record<string, unknown>
  expect(manifest['dependencies']).toBeUndefined()
  expect(manifest['optionalDependencies']).toBeUndefined()
})

test('dist is plain modules, licences, vendored files and WebAssembly, and no code is made at run time', () => {
  const other = readdirSync(DIST).filter(name => !modules.includes(name))
  expect(other.toSorted()).toEqual(['THIRD-PARTY-LICENCES.txt', 'vendor', WASM.file])
  const makers =
    /\bcompileFunction\b|\brunIn(?:This|New)?Context\b|\bnew Function\b|\beval\(|data:text\/javascript/
  const found = modules.filter(name => makers.test(read(join(DIST, name))))
  expect(found).toEqual([])
})

test.each(Object.entries(VENDORED))(
  '%s ships as it was published, with its licence',
  (name, { file, texts }) => {
    for (const path of [file, ...texts]) {
      const shipped = readFileSync(join(DIST, vendoredPath(name, path)))
      expect(shipped.equals(readFileSync(join(ROOT, path)))).toBe(true)
    }
    expect(texts.length).toBeGreaterThan(0)
  },
)

test('the WebAssembly of the layout ships as the bytes that its published module has', () => {
  const shipped = readFileSync(join(DIST, WASM.file)).toString('base64')
  expect(read(join(ROOT, WASM.module))).toContain(`base64,${shipped}"`)
  expect(modules.filter(name => read(join(DIST, name)).includes(shipped))).toEqual([])
})

test.each(['rsa', 'ecc', 'curve25519'])(
  'the vendored OpenPGP library verifies what a key of %s signed',
  type => {
    const address = pathToFileURL(join(DIST, vendoredPath('openpgp', VENDORED.openpgp.file)))
    const code = `
    const o = await import(${JSON.stringify(address.href)})
    const { privateKey, publicKey } = await o.generateKey({ type: '${type}', userIDs: [{ name: 'A' }], format: 'object' })
    const cleartextMessage = await o.sign({ message: await o.createCleartextMessage({ text: 'Suite: x' }), signingKeys: privateKey })
    const message = await o.readCleartextMessage({ cleartextMessage })
    const { signatures } = await o.verify({ message, verificationKeys: publicKey })
    console.log(await signatures[0].verified)`
    const argv = ['--input-type=module', '--eval', code]
    expect(execFileSync(process.execPath, argv, { encoding: 'utf8' })).toBe('true\n')
  },
)
