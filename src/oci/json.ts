/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Returns the value of a JSON text, or undefined when it is none. */
export const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Returns why a text is not JSON, as a clause that follows "it"; null when it is JSON. */
export const jsonFault = (text: string): string | null => {
  if (parsedJson(text) !== undefined) return null
  if (text.startsWith('\ufeff') && parsedJson(text.slice(1)) !== undefined) {
    return 'begins with a byte order mark, which JSON must not have: engines refuse it'
  }
  if (text.includes('\0')) return 'is text of another encoding than UTF-8 (UTF-16, by its zeros)'
  return 'is not JSON'
}

/** Returns whether a value is an object and no array. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Returns a value when it is an object, else an empty one. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** Returns a value when it is a string, else an empty one. */
export const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Returns the strings of a list; nothing when the value is not a list. */
export const stringsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string') : []

/** Returns the words of what a person may write as a list or as one text, as Docker reads Cmd and Entrypoint. */
export const wordsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : stringsOf(value)

/** Returns the objects of a list; nothing when the value is not a list. */
export const objectsOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : []
