import type { View } from '../run/events.ts'
import { printable, printableLines } from '../text/printable.ts'

/**
 * Returns a view that shows events with every text in them printable: names of folders, tags, keys and files come from
 * others, and a screen that draws itself writes past the place where text for lines is cleaned. What the program of an
 * image printed stays, because views strip that themselves.
 */
export const cleanView = (view: View): View => ({
  ...view,
  show: events => view.show(events.map(event => clean(event, ''))),
  decide: failure => view.decide(clean(failure, '')),
})

const RAW: readonly string[] = ['printed']
const ONE_LINE: readonly string[] = ['directory', 'headline', 'title', 'leftFolder', 'reference']

const clean = <T>(value: T, key: string): T => {
  if (RAW.includes(key)) return value
  if (typeof value === 'string') {
    return (ONE_LINE.includes(key) ? printable(value) : printableLines(value)) as T
  }
  if (Array.isArray(value)) return value.map((each: unknown) => clean(each, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, clean(each, name)]),
  ) as T
}
