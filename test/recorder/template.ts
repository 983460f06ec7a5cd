/** A name with its tag. */
export const tagged = (name: string): string =>
  /:[^/]*$/.test(name) || name.includes('@') ? name : `${name}:latest`

/** A name in the words of a list of images. */
export const splitTag = (name: string): { Repository: string; Tag: string } => {
  const at = name.lastIndexOf(':')
  return { Repository: name.slice(0, at), Tag: name.slice(at + 1) }
}

/** Fills a template of Go as far as clients are asked by it; null when it asks for what is not there. */
export const fill = (template: string, value: object): string | null => {
  let well = true
  const text = template.replace(
    /\{\{(json |index |len )?\.([\w.]*)(?: "([^"]*)")?\}\}/g,
    (_, how: string | undefined, path: string, key: string | undefined) => {
      const found = key === undefined ? at(value, path) : labelOf(value, key)
      well &&= found !== undefined
      if (how === 'len ') return String((found as readonly unknown[]).length)
      return how === 'json ' ? JSON.stringify(found) : String(found)
    },
  )
  return well && !text.includes('{{') ? text : null
}

const at = (value: unknown, path: string): unknown =>
  path === ''
    ? value
    : path
        .split('.')
        .reduce((here, name) => (here as Record<string, unknown> | undefined)?.[name], value)

const labelOf = (value: object, key: string): string =>
  ('Labels' in value ? (value.Labels as Record<string, string>) : {})[key] ?? ''
