// What the bundle does without, and what it packs smaller. Each is about weight: the package is felt by every npx.
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'

/** Replaces modules whose path matches by the text that stands in for them. */
const replace = (name, filter, contents) => ({
  name,
  setup: ({ onLoad }) => {
    onLoad({ filter }, () => ({ contents }))
  },
})

/** Ink looks for React's developer tools and its own package.json when DEV=true; neither is there. */
export const withoutDevtools = {
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

/** Yoga carries its WebAssembly as base64, which packs badly; brotli first takes 20 kB off the package. */
export const smallerYoga = {
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
      // Merely looking for fetch makes Node load all of its HTTP client, and a data URL needs none.
      const offline = source.replace(literal, () => unpacked).replaceAll('typeof fetch', '"none"')
      return { contents: unpack + offline }
    })
  },
}

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

/** Execa draws with these only in its verbose mode, which we do not use. */
export const withoutVerbose = [
  replace('without-figures', /[\\/]figures[\\/]index\.js$/, 'export default {}'),
  replace('without-pretty-ms', /[\\/]pretty-ms[\\/]index\.js$/, 'export default String'),
]

/** Our views colour their lines themselves, and hand Ink no colours. */
export const withoutChalk = replace(
  'without-chalk',
  /[\\/]chalk[\\/]source[\\/]index\.js$/,
  'export default {}',
)

/** A signal is called by its name; execa would look up a sentence on each. */
export const withoutSignalSentences = replace(
  'without-signal-sentences',
  /[\\/]human-signals[\\/]build[\\/]src[\\/]main\.js$/,
  'export const signalsByName = new Proxy({}, { get: (_, name) => ({ description: name }) })',
)

/** Execa's messages between Node processes: no child of ours is one. */
export const withoutMessages = [
  replace(
    'without-ipc-methods',
    /[\\/]execa[\\/]lib[\\/]ipc[\\/]methods\.js$/,
    'export const addIpcMethods = () => {}\nexport const getIpcExport = () => ({})',
  ),
  replace(
    'without-ipc-output',
    /[\\/]execa[\\/]lib[\\/]ipc[\\/]buffer-messages\.js$/,
    'export const waitForIpcOutput = async ({ ipcOutput }) => ipcOutput\nexport const getBufferedIpcOutput = (_, ipcOutput) => ipcOutput',
  ),
]

/** What cli.ts imports only when it is called for is left out of its file, and found beside it. */
export const besideTheEntry = {
  name: 'beside-the-entry',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\// }, ({ path, kind, importer }) =>
      kind === 'dynamic-import' && basename(importer) === 'cli.ts'
        ? { path: `./${path.split('/')[1].replace('.ts', '')}.js`, external: true }
        : undefined,
    )
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
