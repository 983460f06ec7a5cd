// Bundles src into dist: plain minified ES modules, a small entry first, and files that are loaded when they are needed.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'
import { writeLicences } from './build/licences.mjs'
import { merge } from './build/merge.mjs'
import { bundled } from './build/options.mjs'
import { vendored, writeVendored } from './build/vendor.mjs'
import { wasm, writeWasm } from './build/wasm.mjs'
import { workerEntries } from './build/workers.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CACHE = join(ROOT, 'node_modules/.cache/shrunk')
const TERSER = JSON.parse(
  readFileSync(join(ROOT, 'node_modules/terser/package.json'), 'utf8'),
).version

const shared = outdir => ({
  ...bundled,
  absWorkingDir: ROOT,
  outdir,
  // All in one folder: what finds a file next to itself (assets, workers, vendor) counts on it.
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  minify: true,
  legalComments: 'none',
  metafile: true,
})

/** Returns the bundle's metafile. Each file that Node reads costs about 2 ms, so everything that --help needs is one. */
const bundle = async outdir => {
  const parts = join(outdir, 'parts')
  const { metafile } = await build({
    ...shared(parts),
    entryPoints: { cli: 'src/cli.ts', ...(await workerEntries(ROOT)) },
    splitting: true,
    plugins: [vendored, wasm],
  })
  await merge(metafile.outputs, parts, outdir)
  await rm(parts, { recursive: true })
  return [metafile]
}

/** Terser makes modules a few percent smaller than esbuild does. */
const shrink = async outdir => {
  const files = (await readdir(outdir)).filter(name => name.endsWith('.js'))
  for (const name of files) {
    const path = join(outdir, name)
    await writeFile(path, await shrunk(await readFile(path, 'utf8')))
  }
}

// It takes twenty seconds for all, so what was shrunk is kept for the next build.
const shrunk = async code => {
  const options = { module: true, ecma: 2020, compress: { passes: 3 } }
  const key = createHash('sha256').update(`${TERSER} ${JSON.stringify(options)}\n${code}`)
  const kept = join(CACHE, `${key.digest('hex')}.js`)
  const known = await readFile(kept, 'utf8').catch(() => null)
  if (known !== null) return known
  const made = (await minify(code, options)).code
  await mkdir(CACHE, { recursive: true })
  await writeFile(`${kept}.${process.pid}`, made)
  await rename(`${kept}.${process.pid}`, kept)
  return made
}

// Written next to dist and moved into place, so that a command that runs meanwhile finds all of one or the other.
const made = `${ROOT}dist-${process.pid}`
const old = `${made}-old`
try {
  await mkdir(made)
  const metafiles = await bundle(made)
  await shrink(made)
  await writeVendored(ROOT, made)
  await writeWasm(ROOT, made)
  await writeLicences(ROOT, metafiles, `${made}/THIRD-PARTY-LICENCES.txt`)
  await rename(`${ROOT}dist`, old).catch(error => {
    if (error.code !== 'ENOENT') throw error
  })
  await rename(made, `${ROOT}dist`)
} finally {
  await rm(made, { recursive: true, force: true })
  await rm(old, { recursive: true, force: true })
}
