import { fold, foldCommand, widthOf } from './live/width.ts'
import type { Out } from './out.ts'

/** Returns a place for text that breaks lines where a window of so many columns ends, as `foldLine` does. */
export const foldedOut = (out: Out, columns: number): Out => ({
  write: text => out.write(foldText(text, columns)),
})

/** Returns a text whose lines are broken where a window of so many columns ends, as `foldLine` does. */
export const foldText = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap(line => foldLine(line, columns))
    .join('\n')

/**
 * Returns a line broken at spaces, the further lines indented by `hang` or under the text of the first. A command gets
 * a line of its own and stays whole, so that it can be copied: the terminal breaks it, and its selection does not.
 */
export const foldLine = (line: string, columns: number, hang?: number): readonly string[] => {
  if (widthOf(line) <= columns) return [line]
  if (COMMAND.test(line)) return foldCommand(line, columns)
  const [, words, command] = LED_TO.exec(line) ?? []
  if (words === undefined) return fold(line, columns, hang)
  const indent = ' '.repeat(hang ?? /^ *(?:-> )?/.exec(line)?.[0].length ?? 0)
  return [...fold(words, columns, hang), `${indent}${command}`]
}

const PROGRAM = '(?:npx|npm|create-base-image|docker|podman|sudo|apt|sh|cargo|go|tar|cat) '
const COMMAND = new RegExp(`^ *(?:\\$ )?${PROGRAM}`)
const LED_TO = new RegExp(`^(.*?:) +(${PROGRAM}.*)$`)
