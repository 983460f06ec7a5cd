import { resolve } from 'node:path'
import * as v from 'valibot'
import { UsageError } from '../../errors.ts'
import { readBytes, UnfitFile } from '../../text/read-text.ts'
import { SAVED, type QuestionName } from '../questions/index.ts'
import { decoded } from '../text-file.ts'
import { withHome } from '../typed-path.ts'

/** The file that says which images there are to be. */
export const IMAGES_FILE = 'base-images.json'

/** The answers that may take several values in a matrix. */
export const AXES = ['distro', 'release', 'arch', 'variant', 'slim', 'libc'] as const
export type Axis = (typeof AXES)[number]

/** The answers that an image may give: those of answers.json, less its name. */
export const ANSWERS: readonly QuestionName[] = [
  ...new Set([...SAVED.minimal, ...SAVED.full]),
].filter(name => name !== 'tag')

/** A person writes a few kilobytes. */
const MOST_BYTES = 1_000_000
const LONGEST = 4096

const text = v.pipe(
  v.string(),
  v.nonEmpty('must not be empty'),
  v.maxLength(LONGEST, 'must be shorter'),
)
const answer = v.union([
  text,
  v.boolean(),
  v.pipe(v.array(text), v.nonEmpty('must name something')),
])
const answers = Object.fromEntries(ANSWERS.map(name => [name, v.optional(answer)]))
const axis = v.pipe(
  v.array(v.union([text, v.boolean()])),
  v.nonEmpty('must name a value: an empty axis makes no image'),
)
const matrix = v.strictObject(Object.fromEntries(AXES.map(name => [name, v.optional(axis)])))
const schema = v.strictObject({
  $schema: v.optional(v.string()),
  version: v.literal(1, 'must be 1'),
  folder: v.optional(text),
  defaults: v.optional(v.strictObject(answers)),
  matrix: v.optional(matrix),
  images: v.pipe(
    v.array(
      v.strictObject({
        name: text,
        folder: v.optional(text),
        matrix: v.optional(matrix),
        ...answers,
      }),
    ),
    v.nonEmpty('must have one image'),
  ),
})

/** Answers as texts, as in flags and answers.json. */
export type Texts = Readonly<Partial<Record<QuestionName, string>>>
export type Matrix = Readonly<Partial<Record<Axis, readonly string[]>>>

/** An image of the file, or several by a matrix. */
export interface ImageEntry {
  readonly name: string
  readonly folder: string | null
  readonly matrix: Matrix
  readonly texts: Texts
}

/** A base-images.json, checked for its form. */
export interface ImagesFile {
  readonly path: string
  /** The folder that the images' own folders go into, as given. */
  readonly folder: string
  readonly defaults: Texts
  readonly matrix: Matrix
  readonly images: readonly ImageEntry[]
}

/** Returns what a base-images.json says. Throws UsageError that names every fault of its form, with its place. */
export const readImages = (typed: string, cwd: string): ImagesFile => {
  const path = resolve(cwd, withHome(typed))
  const { output, issues, success } = v.safeParse(schema, parsed(path))
  if (!success) {
    const [first, ...others] = issues.map(faultOf)
    throw new UsageError(
      `${path}: ${first}.`,
      others.slice(0, 10).map(fault => `Also: ${fault}.`),
    )
  }
  return {
    path,
    folder: output.folder ?? 'images',
    defaults: textsOf(output.defaults ?? {}),
    matrix: matrixOf(output.matrix ?? {}),
    images: output.images.map(({ name, folder = null, matrix = {}, ...rest }) => ({
      name,
      folder,
      matrix: matrixOf(matrix),
      texts: textsOf(rest),
    })),
  }
}

const parsed = (path: string): unknown => {
  const bytes = bytesOf(path)
  try {
    return JSON.parse(decoded(bytes))
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`)
  }
}

const bytesOf = (path: string): Buffer => {
  const todo = ['Write one from the folders that are here: create-base-image init']
  try {
    const bytes = readBytes(path, { most: MOST_BYTES, links: true })
    if (bytes !== null) return bytes
  } catch (error) {
    const why = error instanceof UnfitFile ? error.why : `can't be read (${codeOf(error)})`
    throw new UsageError(`${path} ${why}.`, todo)
  }
  throw new UsageError(`There is no ${path}.`, [...todo, 'Or name it: --file images.json'])
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException).code)

const faultOf = (issue: v.BaseIssue<unknown>): string => {
  const place = v.getDotPath(issue)
  return `${place === null ? '' : `"${place}" `}${wordsOf(issue)}`
}

const wordsOf = ({ expected, received, message }: v.BaseIssue<unknown>): string => {
  if (expected === 'never') return `is not a known key`
  if (received === 'undefined') return 'is missing'
  return message.startsWith('must ') ? message : `must be ${expected}, and is ${received}`
}

type Given = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

const textsOf = (given: Given): Texts =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, textOf(value)]],
    ),
  )

const matrixOf = (
  given: Readonly<Record<string, readonly (string | boolean)[] | undefined>>,
): Matrix =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, values]) =>
      values === undefined ? [] : [[name, values.map(textOf)]],
    ),
  )

const textOf = (value: string | boolean | readonly string[]): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : [value].flat().join(',')
