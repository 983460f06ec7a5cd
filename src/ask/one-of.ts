import { UsageError } from '../errors.ts'

/** The text as one of `values`. Throws UsageError that names the flag and the valid values. */
export const oneOf = <T extends string>(flag: string, values: readonly T[], text: string): T => {
  const found = values.find(value => value === text)
  if (found !== undefined) return found
  throw new UsageError(`--${flag} does not accept "${text}".`, [
    `Valid values: ${values.join(', ')}.`,
  ])
}
