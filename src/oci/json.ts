/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Gives the value of a JSON text, or undefined when it is none. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Tells whether a value is an object and no array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Gives a value when it is an object, else an empty one. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** Gives a value when it is a string, else an empty one. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Gives the strings of a list; nothing when the value is no list. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

/** Gives the objects of a list; nothing when the value is no list. */
export const objectsOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []
