// What the bundle does without, and what it packs smaller. Each is about weight: the package is felt by every npx.
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { build } from 'esbuild'
import { brotli } from './pack.mjs'

/** Replaces modules whose path matches by the text that stands in for them. */
const replace = (name, filter, contents) => ({
  name,
  setup: ({ onLoad }) => {
    onLoad({ filter }, () => ({ contents }))
  },
})

/** Changes the text of modules whose path matches. Throws when a change finds nothing to change. */
const change = (name, filter, changes) => ({
  name,
  setup: ({ onLoad }) => {
    onLoad({ filter }, async ({ path }) => {
      let contents = await readFile(path, 'utf8')
      for (const [from, to] of changes) {
        const before = contents
        contents = contents.replaceAll(from, to)
        if (contents === before) throw new Error(`${path} has no ${from} for ${name}`)
      }
      return { contents }
    })
  },
})

/** Ink looks for React's developer tools and its own package.json when DEV=true; neither is there. */
export const withoutDevtools = change(
  'without-devtools',
  /[\\/]ink[\\/]build[\\/]reconciler\.js$/,
  [['isDev()', 'false']],
)

/**
 * Yoga carries its WebAssembly as base64, which packs badly; here it lies beside the bundle, as brotli packs it, and
 * is there at once instead of by promises, so that what imports it can be a function.
 */
export const smallerYoga = {
  name: 'smaller-yoga',
  setup: ({ onLoad, onResolve }) => {
    onLoad({ filter: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, () => ({ contents: YOGA }))
    onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, async ({ path }) => ({
      // Merely looking for fetch makes Node load all of its HTTP client.
      contents: (await readFile(path, 'utf8'))
        .replace(BASE64, '$1')
        .replaceAll('typeof fetch', '"none"'),
    }))
    onResolve({ filter: /^yoga\.br$/ }, ({ resolveDir }) => ({
      path: `${resolveDir}/../binaries/yoga.br`,
      namespace: 'smaller-yoga',
    }))
    onLoad({ filter: /.*/, namespace: 'smaller-yoga' }, async ({ path }) => {
      const source = await readFile(path.replace('yoga.br', 'yoga-wasm-base64-esm.js'), 'utf8')
      const bytes = Buffer.from(BASE64.exec(source)[2], 'base64')
      return { contents: brotli(bytes), loader: 'file' }
    })
  },
}

const BASE64 = /(data:application\/octet-stream;base64,)([\w+/=]+)/

const YOGA = `
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import load from '../binaries/yoga-wasm-base64-esm.js'
import wrapAssembly from './wrapAssembly.js'
import file from 'yoga.br'
const bytes = brotliDecompressSync(readFileSync(new URL(file, import.meta.url)))
const yoga = {
  instantiateWasm: (imports, ready) =>
    ready(new WebAssembly.Instance(new WebAssembly.Module(bytes), imports)),
}
load(yoga)
export default wrapAssembly(yoga)
export * from './generated/YGEnums.js'
`

/** Node 20 knows what an emoji is, as the newer string-width relies on too. */
export const smallerEmoji = replace(
  'smaller-emoji',
  /[\\/]emoji-regex[\\/]index\.m?js$/,
  'export default () => /\\p{RGI_Emoji}/gv',
)

/** Ink shows a defect of a view with a piece of its source; ours are told by src/cli.ts, with their stack. */
export const withoutOverview = replace(
  'without-overview',
  /[\\/]ink[\\/]build[\\/]components[\\/]ErrorOverview\.js$/,
  'export default () => null',
)

/** Our views colour their lines themselves, and hand Ink no colours. */
export const withoutChalk = replace(
  'without-chalk',
  /[\\/]chalk[\\/]source[\\/]index\.js$/,
  'export default {}',
)

/** What cli.ts imports only when it is called for is left out of its file, and found beside it. */
export const besideTheEntry = {
  name: 'beside-the-entry',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\// }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && basename(importer) === 'cli.ts'
        ? { path: `./${entryName(path)}.js`, external: true }
        : undefined,
    )
  },
}

/** The name of the file in dist that an entry becomes: its own, or its folder's when it is an index. */
const entryName = path =>
  basename(path) === 'index.ts' ? basename(dirname(path)) : basename(path, '.ts')

/**
 * The commands and what runs a plan share most of their modules. When both load all of them, one file has them, and
 * brotli makes 4 kB less of it than of two.
 */
export const oneMachinery = {
  name: 'one-machinery',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]src[\\/]commands[\\/]index\.ts$/ }, async ({ path }) => ({
      contents: `${await readFile(path, 'utf8')}\nimport '../app/after-first-question.ts'\n`,
      loader: 'ts',
    }))
  },
}

/** The text of --help is made when the package is, so that showing it needs none of the questions. */
export const readyHelp = {
  name: 'ready-help',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]ask[\\/]help\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        format: 'esm',
        platform: 'node',
        write: false,
      })
      const code = Buffer.from(outputFiles[0].text).toString('base64')
      const { helpText } = await import(`data:text/javascript;base64,${code}`)
      return { contents: `export const helpText = () => ${JSON.stringify(helpText())}` }
    })
  },
}
