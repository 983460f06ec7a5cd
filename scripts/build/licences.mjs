// The licences of everything that is bundled, in one text that ships with it.
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
  const packages = await Promise.all(folders.map(folder => licenceOf(root, folder)))
  await writeFile(file, `${HEAD}\n${bySameWords(packages).map(section).join('\n')}`)
}

/** The packages that such a text names: `name`, `version` and `license` of each, once. */
export const packagesIn = text => {
  const heads = text.split(`${'-'.repeat(80)}\n`).slice(1)
  const found = heads
    .flatMap(section => section.split('\n\n')[0].split('\n'))
    .map(line => /^(\S+) (\S+) \((.+)\)$/.exec(line))
    .filter(Boolean)
    .map(([title, name, version, license]) => [title, { name, version, license }])
  return [...new Map(found).values()]
}

const HEAD = `create-base-image contains the packages below, each under its own licence.
Packages whose licences have the same words stand together: who holds the copyright of each, then the words once.
What is in vendor/ has its licence beside it.
`

const bySameWords = packages => {
  const groups = new Map()
  for (const one of packages) {
    const words = one.terms.replaceAll(/\s+/g, ' ')
    groups.set(words, [...(groups.get(words) ?? []), one])
  }
  return [...groups.values()]
}

const section = packages =>
  [
    '-'.repeat(80),
    ...packages.map(({ title, notices }) => [title, ...notices].join('\n  ')),
    `\n${packages[0].terms}\n`,
  ].join('\n')

/** What tree-shaking left nothing of does not ship. */
const usedInputs = ({ outputs }) =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .map(([path]) => path),
  )

const packageFolder = path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]

const licenceOf = async (root, folder) => {
  const { name, version, license } = JSON.parse(
    await readFile(`${root}${folder}/package.json`, 'utf8'),
  )
  const text = await readFile(`${root}${await textOf(root, folder, name)}`, 'utf8')
  const [notices, terms] = apart(text.trim())
  return { title: `${name} ${version} (${license})`, notices, terms }
}

/** The lines at the top that say what licence it is and whose, and the words that follow. */
const apart = text => {
  const lines = text.split('\n')
  const first = lines.findIndex(line => !NOTICE.test(line))
  const end = first === -1 ? lines.length : first
  const notices = lines.slice(0, end).map(line => line.trim())
  return [notices.filter(line => line !== ''), lines.slice(end).join('\n')]
}

const NOTICE = /^\s*(?:$|copyright\b|\(c\) |(?:the )?(?:mit|isc) license\b|\(the mit license\))/i

const textOf = async (root, folder, name) => {
  const found = (await readdir(`${root}${folder}`)).find(entry => LICENCE.test(entry))
  if (found !== undefined) return `${folder}/${found}`
  if (name in TEXTS) return TEXTS[name]
  throw new Error(`${name} is bundled, and neither its package nor scripts/build has its licence.`)
}

const LICENCE = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i
