import { ONLY, questions, type QuestionName } from '../questions/index.ts'
import type { Question } from '../question.ts'
import { ANSWERS, AXES } from './file.ts'

/** The file's name of the schema that `init` puts next to base-images.json. */
export const SCHEMA_FILE = 'base-images.schema.json'

/**
 * Returns the JSON Schema (draft 7) of a base-images.json, made from the same definitions as the flags, so that an editor
 * knows every key, its values and what it means.
 */
export const imagesSchema = (): object => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'base-images.json of create-base-image',
  type: 'object',
  additionalProperties: false,
  required: ['version', 'images'],
  properties: {
    $schema: { type: 'string' },
    version: { const: 1 },
    folder: {
      ...TEXT,
      description: 'Where the images’ folders go, from this file; images by default',
    },
    defaults: object(answers(), 'Answers for every image that does not give its own'),
    matrix: { $ref: '#/definitions/matrix' },
    images: {
      type: 'array',
      minItems: 1,
      items: object(
        {
          name: {
            ...TEXT,
            description: `The image’s name; ${AXES.map(name => `{${name}}`).join(' ')} are filled in`,
          },
          folder: { ...TEXT, description: 'The project folder, from this file' },
          matrix: { $ref: '#/definitions/matrix' },
          ...answers(),
        },
        'An image, or one for each combination of the matrix',
        ['name'],
      ),
    },
  },
  definitions: {
    matrix: object(axes(), 'Values to make an image of each; an image’s own answer wins'),
  },
})

const TEXT = { type: 'string', minLength: 1 } as const
const object = (properties: object, description: string, required?: readonly string[]): object => ({
  type: 'object',
  additionalProperties: false,
  description,
  properties,
  ...(required === undefined ? {} : { required }),
})

const answers = (): object =>
  Object.fromEntries(ANSWERS.map(name => [name, { description: says(name), ...valueOf(name) }]))

const axes = (): object =>
  Object.fromEntries(
    AXES.map(name => [
      name,
      {
        type: 'array',
        minItems: 1,
        // Each value of an axis is one answer, never a list of them.
        items: LISTS.includes(name) ? TEXT : valueOf(name),
        description: says(name),
      },
    ]),
  )

const one = (name: QuestionName): Question<unknown> => questions[name]

const says = (name: QuestionName): string => {
  const kind = (['minimal', 'full'] as const).find(kind =>
    (ONLY[kind] as readonly string[]).includes(name),
  )
  return `${one(name).says}${kind === undefined ? '' : ` (${kind} images)`}`
}

/** What moves on with the catalogue, or takes a list, is any text; what has a few choices is one of them. */
const valueOf = (name: QuestionName): object => {
  if (LISTS.includes(name)) return { anyOf: [TEXT, { type: 'array', minItems: 1, items: TEXT }] }
  if (one(name).value === '') return { anyOf: [{ type: 'boolean' }, { enum: ['yes', 'no'] }] }
  const { choices } = one(name)
  return Array.isArray(choices) && CLOSED.includes(name)
    ? { enum: choices.map(({ value }: { value: string }) => value) }
    : TEXT
}

const LISTS: readonly QuestionName[] = ['arch', 'with', 'include']
const CLOSED: readonly QuestionName[] = ['kind', 'libc', 'engine', 'bootstrap', 'compile-in']
