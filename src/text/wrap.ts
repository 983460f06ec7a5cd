/** Returns the columns for text on stdout: the window's width, 88 at most, and 80 where no width is known. */
export const textWidth = (stdout: { readonly columns?: number } = process.stdout): number =>
  Math.min(stdout.columns || 80, 88)

/**
 * Returns the text broken at spaces into lines of at most `width` columns, each behind `indent`. A longer word stays
 * whole, so that a path can be copied. For our own texts: a character counts as one column.
 */
export const wrap = (text: string, width: number, indent = ''): string[] => {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, indent + line]
}

/** Returns a label and, from `column` on, a text that goes on under its own beginning, in lines of at most `width` columns. */
export const beside = (label: string, text: string, column: number, width: number): string[] => {
  const [first = '', ...rest] = wrap(text, width, ' '.repeat(column))
  return [label.padEnd(column) + first.slice(column), ...rest]
}
