// Bundles src into dist: a small entry, and lazily loaded chunks for what only some runs need.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

// Ink looks for React's developer tools and its own package.json when DEV=true; neither is there.
const withoutDevtools = {
  name: 'without-devtools',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^\.\/(?:devtools|utils)\.js$/ }, ({ importer, path }) =>
      /[\\/]ink[\\/]/.test(importer) ? { path, namespace: 'no-devtools' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'no-devtools' }, () => ({
      contents: 'export const isDev = () => false',
    }))
  },
}

// Yoga carries its WebAssembly as base64, which packs badly; brotli first takes 20 kB off the package.
const smallerYoga = {
  name: 'smaller-yoga',
  setup: ({ onLoad }) => {
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const [literal, prefix, base64] = /"(data:application\/octet-stream;base64,)([\w+/=]+)"/.exec(
        source,
      )
      const packed = brotliCompressSync(Buffer.from(base64, 'base64')).toString('base64')
      const unpacked = `"${prefix}"+unpack(Buffer.from("${packed}","base64")).toString("base64")`
      const unpack = "import{brotliDecompressSync as unpack}from'node:zlib';"
      return { contents: unpack + source.replace(literal, () => unpacked) }
    })
  },
}

// What cli.ts imports only when it is called for is left out of its file, and found beside it.
const LAZY = ['create', 'commands/inspect', 'commands/pack', 'commands/doctor', 'commands/clean']
const besideTheEntry = {
  name: 'beside-the-entry',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\// }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && importer.endsWith('/cli.ts')
        ? { path: `./${basename(path, '.ts')}.js`, external: true }
        : undefined,
    )
  },
}

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  write: false,
}

// Each file that Node reads costs about 2 ms, so the entry, with all that --help needs, is one.
const [entry, lazy] = await Promise.all([
  build({ ...options, entryPoints: ['src/cli.ts'], plugins: [besideTheEntry] }),
  build({
    ...options,
    entryPoints: LAZY.map(name => `src/${name}.ts`),
    splitting: true,
    plugins: [withoutDevtools, smallerYoga],
  }),
])

// Bundled CommonJS modules (execa's cross-spawn, enquirer) ask for Node's own modules by require, in one chunk;
// the others start faster without it.
const REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

await rm(`${root}/dist`, { recursive: true, force: true })
for (const { path, text } of [...entry.outputFiles, ...lazy.outputFiles]) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text.includes('Dynamic require of') ? REQUIRE + text : text)
}
