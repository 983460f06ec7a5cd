// A library's WebAssembly that its module has as base64 ships as a file of the same bytes: text packs a third worse.
import { readFile, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'

/** The module that has it, from the project's root, and the name of the file in the folder of the bundle. */
export const WASM = {
  module: 'node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
  file: 'yoga.wasm',
}

/** Has the module read the file when it is loaded. */
export const wasm = {
  name: 'wasm',
  setup: ({ onLoad }) => {
    onLoad({ filter: new RegExp(`/${basename(WASM.module)}$`) }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const file = `readFileSync(new URL("./${WASM.file}",import.meta.url),"base64")`
      const reading = text.replace(`${PREFIX}${dataIn(text)}"`, `${PREFIX}"+${file}`)
      return { contents: `import{readFileSync}from"node:fs";${reading}` }
    })
  },
}

/** Writes the file into the folder of the bundle. Throws Error when the module has it in another form. */
export const writeWasm = async (root, outdir) => {
  const text = await readFile(`${root}${WASM.module}`, 'utf8')
  await writeFile(`${outdir}/${WASM.file}`, Buffer.from(dataIn(text), 'base64'))
}

const PREFIX = '"data:application/octet-stream;base64,'

const dataIn = text => {
  const [, data] = new RegExp(`${PREFIX}([A-Za-z0-9+/=]+)"`).exec(text) ?? []
  if (data === undefined) throw new Error(`${WASM.module} has its WebAssembly in another form.`)
  return data
}
