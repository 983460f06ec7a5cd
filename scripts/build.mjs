// Bundles src into dist: a small entry, and lazily loaded files for what only some runs need.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { minify } from 'terser'
import { smallerExeca } from './build/execa.mjs'
import { packed } from './build/pack.mjs'
import {
  besideTheEntry,
  oneMachinery,
  readyHelp,
  smallerEmoji,
  smallerYoga,
  withoutChalk,
  withoutDevtools,
  withoutOverview,
} from './build/plugins.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const options = {
  absWorkingDir: root,
  outdir: 'dist',
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  legalComments: 'none',
  define: { 'process.env.NODE_ENV': '"production"' },
  write: false,
  metafile: true,
  assetNames: '[name]-[hash]',
}

// Each file that Node reads costs about 2 ms, so the entry, with all that --help needs, is one.
const [entry, lazy] = await Promise.all([
  build({ ...options, entryPoints: ['src/cli.ts'], plugins: [besideTheEntry, readyHelp] }),
  build({
    ...options,
    entryPoints: { create: 'src/app/create.ts', commands: 'src/commands/index.ts' },
    splitting: true,
    plugins: [
      oneMachinery,
      withoutChalk,
      withoutDevtools,
      withoutOverview,
      smallerExeca,
      smallerYoga,
      smallerEmoji,
    ],
  }),
])

// Bundled CommonJS modules (execa's cross-spawn, enquirer) ask for Node's own modules by require, in one chunk;
// the others start faster without it.
const REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

// Terser makes the package 3 % smaller than esbuild does.
const smallest = async text => {
  const { code } = await minify(text, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, keep_fargs: false, unsafe_arrows: true, unsafe_methods: true },
  })
  return code
}

/** All that comes with a file: what it imports by statements, and what that imports. */
const together = (outputs, name, found = new Set()) => {
  if (found.has(name)) return found
  found.add(name)
  for (const { path, kind } of outputs[name].imports)
    if (kind === 'import-statement' && path in outputs) together(outputs, path, found)
  return found
}

// What stands before the first question is faster as it is; a small file gains nothing.
const { outputs } = lazy.metafile
const guide = Object.keys(outputs).find(
  name => outputs[name].entryPoint === 'src/app/by-questions.ts',
)
const plain = new Set(['dist/create.js', guide].flatMap(name => [...together(outputs, name)]))
const LARGE = 20_000

// Written beside dist and put in its place, so that a command that runs meanwhile finds all of one or the other.
const made = `${root}/dist-${process.pid}`
await mkdir(made, { recursive: true })
const put = (name, content) => writeFile(`${made}/${name}`, content)
for (const { path, text, contents } of [...entry.outputFiles, ...lazy.outputFiles]) {
  const name = basename(path)
  if (!name.endsWith('.js')) {
    await put(name, contents)
    continue
  }
  const code = await smallest(text.includes('Dynamic require of') ? REQUIRE + text : text)
  if (code.length < LARGE || plain.has(`dist/${name}`)) await put(name, code)
  else {
    const { stub, bytes } = packed(basename(name, '.js'), code)
    await put(name, stub)
    await put(`${basename(name, '.js')}.br`, bytes)
  }
}
await rm(`${root}/dist`, { recursive: true, force: true })
await rename(made, `${root}/dist`)
