// Packs a large file of the bundle by brotli: what npm's gzip makes of it is a seventh larger.
import { compileFunction } from 'node:vm'
import { brotliCompressSync, constants } from 'node:zlib'

/** The bytes that brotli makes of a text or of bytes, as small as it can. */
export const brotli = content => {
  const bytes = Buffer.from(content)
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
}

/**
 * A minified module as two files: `stub`, the text to have in its place, which unpacks and runs `NAME.br`, and
 * `bytes`, what to write there. The module may import by statements and by `import()` of files beside it; it must
 * not await at its top, nor give away bindings that change later. Throws when the code is not whole afterwards.
 */
export const packed = (name, code) => {
  const groups = new Map()
  const wholes = []
  let given = ''
  const rest = code
    .replaceAll(IMPORT, (_, whole, all, names, from) => {
      const group = groups.get(from) ?? []
      groups.set(from, group)
      if (whole !== undefined) group.push(`default:${whole}`)
      if (names) group.push(names.replaceAll(' as ', ':'))
      if (all !== undefined) wholes.push([from, all])
      return ''
    })
    .replaceAll(EXPORT, (_, names) => {
      given = names
      return ''
    })
    .replaceAll('import("./', '$load("./')
    .replaceAll('import.meta', '$meta')
  const imports = [
    ...[...groups.values()].map(names => `{${names.join()}}`),
    ...wholes.map(([, name]) => name),
  ]
  const sources = [...groups.keys(), ...wholes.map(([from]) => from)]
  const body = `"use strict";const[${imports.join()}]=$imports;${rest};return{${shorthand(given, inside)}}`
  compileFunction(body, PARAMETERS)
  return { stub: stubOf(name, sources, given), bytes: brotli(body) }
}

/** What a function has not, and is given: the modules it imports, `import.meta` and `import()`. */
const PARAMETERS = ['$imports', '$meta', '$load']

const IMPORT =
  /(?<=^|[;}])import\s*(?:([\w$]+)\s*,?\s*)?(?:\*\s*as ([\w$]+)|\{([^}]*)\})?\s*from\s*"([^"]+)";/g
const EXPORT = /(?<=^|[;}])export\s*\{([^}]*)\};?/g

const shorthand = (names, entry) => names.split(',').map(entry).join()

const inside = entry => entry.split(' as ').toReversed().join(':')

/** It has the module's address, so that what goes wrong inside is told as having happened there. */
const stubOf = (name, imports, given) =>
  [
    ...imports.map((from, index) => `import*as i${index} from"${from}";`),
    'import{readFileSync as read}from"node:fs";',
    'import{compileFunction as compile}from"node:vm";',
    'import{brotliDecompressSync as unpack}from"node:zlib";',
    'const meta=import.meta,filename=meta.url,',
    `body=unpack(read(new URL("${name}.br",filename))).toString();`,
    `export const{${shorthand(given, entry => entry.split(' as ').at(-1))}}=`,
    `compile(body,${JSON.stringify(PARAMETERS)},{filename})(`,
    `[${imports.map((_, index) => `i${index}`).join()}],meta,name=>import(name));\n`,
  ].join('')
