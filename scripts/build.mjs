// Bundles src into dist: a small entry, and lazily loaded chunks for what only some runs need.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
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

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [withoutDevtools],
  write: false,
})

// Bundled CommonJS modules (execa's cross-spawn, enquirer) ask for Node's own modules by require, in one chunk;
// the others start faster without it.
const REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

await rm(`${root}/dist`, { recursive: true, force: true })
for (const { path, text } of outputFiles) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text.includes('Dynamic require of') ? REQUIRE + text : text)
}
