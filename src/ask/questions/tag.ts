import { basename } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { Question } from '../question.ts'
import { flagOf } from '../question-flags.ts'

const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const REGISTRY = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/** The grammar is that of the distribution project's reference format, which every engine uses. */
export const tag: Question<string> = {
  ...flagOf('tag'),
  prompt: {
    label: 'Name',
    message: 'What should the image be called?',
    hint: 'The name for docker run. A version may follow: hello:1.0',
  },
  parse: text => checkReference(text),
}

/** The reference split in its name and its tag (`latest` when it has none). */
export const splitReference = (reference: string): { name: string; tag: string } => {
  const slash = reference.lastIndexOf('/')
  const colon = reference.indexOf(':', slash + 1)
  if (colon === -1) return { name: reference, tag: 'latest' }
  return { name: reference.slice(0, colon), tag: reference.slice(colon + 1) }
}

/** The reference as every spelling of it that names the same image is written: `hello:latest` of `docker.io/library/hello`. */
export const canonicalReference = (reference: string): string => {
  const { name, tag } = splitReference(reference)
  return `${name.replace(HUB, '').replace(/^library\//, '')}:${tag}`
}

const HUB = /^(?:index\.)?docker\.io\//

/** The last part of an image's name: what its folder and archive are called. */
export const shortName = (reference: string): string =>
  splitReference(reference).name.split('/').at(-1) ?? reference

/** The name that an image has by its folder's, in the letters that a name may have; null for a folder that gives none. */
export const nameOfFolder = (path: string): string | null => {
  const name = suggestion(basename(path).replace(/[:@]+/g, '-'), '')
  return isTaken(name) ? name : null
}

/** Returns a reference as it is. Throws UsageError, in the name of `flag`, for what no engine takes. */
export const checkReference = (text: string, flag = '--tag'): string => {
  const refuse = (why: string, advice: string): never => {
    throw new UsageError(`${flag} "${text}" can't be an image name: ${why}.`, [advice])
  }
  const { name, tag: version } = splitReference(text)
  if (text.includes('@'))
    refuse('a digest names an image that exists already', 'Give a name, or name:tag.')
  if (/^[0-9a-f]{64}$/.test(name))
    refuse('engines take 64 hexadecimal digits for an ID', 'Choose a shorter name.')
  if (/^(?:(?:(?:index\.)?docker\.io\/)?library\/)?scratch$/.test(name))
    refuse(
      '"scratch" is the reserved name of the empty image',
      'Choose another name, such as hello.',
    )
  if (!TAG.test(version)) {
    refuse(
      otherScript(version) ?? `"${version}" is not a tag`,
      'A tag has letters, digits, "_", "." and "-", 128 at most.',
    )
  }
  if (name.length > 255) refuse('it is longer than 255 characters', 'Choose a shorter name.')
  const [first = '', ...rest] = name.split('/')
  const isRegistry = rest.length > 0 && REGISTRY.test(first) && /[.:]|^localhost$/.test(first)
  const components = isRegistry ? rest : [first, ...rest]
  if (components.every(component => COMPONENT.test(component))) return text
  const better = suggestion(text)
  return refuse(
    badComponent(components.join('/')),
    otherScript(text) === null && isTaken(better)
      ? `Try: ${flag} ${better}`
      : 'Choose a name such as hello, or registry.example/hello:1.0.',
  )
}

const isTaken = (text: string): boolean => {
  try {
    return checkReference(text) === text
  } catch {
    return false
  }
}

/** What looks like a letter of ours may be one of another script. */
const otherScript = (text: string): string | null => {
  const [letter] = /[^\0-\x7f]/u.exec(text) ?? []
  if (letter === undefined) return null
  const code = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return `"${letter}" (U+${code}) is not a letter from a to z`
}

const badComponent = (name: string): string => {
  const other = otherScript(name)
  if (other !== null) return other
  if (/[A-Z]/.test(name)) return 'it has capital letters'
  if (/\s/.test(name)) return 'it has spaces'
  return 'a name has lower-case letters and digits, with single ".", "_" or "-" between them'
}

const suggestion = (text: string, otherwise = 'hello'): string =>
  text
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/[^a-z0-9/:.]+/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '') || otherwise
