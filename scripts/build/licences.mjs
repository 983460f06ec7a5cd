// The licences of all that is bundled, in one text that ships with it.
import { readdir, readFile, writeFile } from 'node:fs/promises'

/** Packages that name their licence and bring no text of it: the text, from the project's root. */
const TEXTS = {
  // It says MIT and lies in one repository with https-proxy-agent, of the same author, whose text this is.
  'proxy-agent-negotiate': 'scripts/build/licences/proxy-agent-negotiate.txt',
  // Its files say MIT and whose it is, and point to a text that only its repository has.
  'yoga-layout': 'scripts/build/licences/yoga-layout.txt',
  'xz-decompress': 'scripts/build/licences/xz-decompress.txt',
}

/** Writes one file with the licence texts of the packages in bundles. Throws when one has no text. */
export const writeLicences = async (root, metafiles, file) => {
  const folders = [
    ...new Set(metafiles.flatMap(usedInputs).map(packageFolder).filter(Boolean)),
  ].toSorted((a, b) => (a < b ? -1 : 1))
  const parts = await Promise.all(folders.map(folder => part(root, folder)))
  await writeFile(file, `${HEAD}\n${parts.join('\n')}`)
}

/** What the text of a package begins with: its name, version and licence. */
export const PACKAGE_LINE = /^-{80}\n(\S+) (\S+) \((.+)\)$/gm

const HEAD = `create-base-image contains the packages below, each under its own licence.
What is in vendor/ has its licence beside it.
`

/** What tree-shaking left nothing of does not ship. */
const usedInputs = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  )

const packageFolder = path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]

const part = async (root, folder) => {
  const { name, version, license } = JSON.parse(
    await readFile(`${root}${folder}/package.json`, 'utf8'),
  )
  const text = await readFile(`${root}${await textOf(root, folder, name)}`, 'utf8')
  return `${'-'.repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`
}

const textOf = async (root, folder, name) => {
  const found = (await readdir(`${root}${folder}`)).find(entry => LICENCE.test(entry))
  if (found !== undefined) return `${folder}/${found}`
  if (name in TEXTS) return TEXTS[name]
  throw new Error(`${name} is bundled, and neither its package nor scripts/build has its licence.`)
}

const LICENCE = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i
