// Libraries that ship as the file that was published, next to the bundle, and are loaded only when they are needed.
import { copyFile, mkdir } from 'node:fs/promises'
import { basename } from 'node:path'

const LIGHTWEIGHT = 'node_modules/openpgp/dist/lightweight'

/**
 * By the name that src imports, with `await import('openpgp')`: the published file, from the project's root, and the
 * texts that must go with it.
 */
export const VENDORED = {
  // LGPL: the library stays a file of its own, so that anybody can put another version in its place. This form of it
  // loads from files next to it what Node can't do or what only decrypts; signature.ts refuses the keys that need them.
  openpgp: {
    file: `${LIGHTWEIGHT}/openpgp.min.mjs`,
    texts: ['node_modules/openpgp/LICENSE', 'scripts/build/licences/GPL-3.0.txt'],
  },
}

/** The path of a vendored file below dist. */
export const vendoredPath = (name, file) => `vendor/${name}/${basename(file)}`

/** Leaves a vendored library out of the bundle, and has it imported from its own file. */
export const vendored = {
  name: 'vendored',
  setup: ({ onResolve }) => {
    for (const [name, { file }] of Object.entries(VENDORED))
      onResolve({ filter: new RegExp(`^${name}$`) }, ({ kind, importer }) => {
        if (kind !== 'dynamic-import')
          return { errors: [{ text: `${importer}: load ${name} by await import('${name}').` }] }
        return { path: `./${vendoredPath(name, file)}`, external: true }
      })
  },
}

/** Copies the files of vendored libraries below the folder of the bundle. */
export const writeVendored = async (root, outdir) => {
  for (const [name, { file, texts }] of Object.entries(VENDORED)) {
    await mkdir(`${outdir}/vendor/${name}`, { recursive: true })
    for (const path of [file, ...texts])
      await copyFile(`${root}${path}`, `${outdir}/${vendoredPath(name, path)}`)
  }
}
