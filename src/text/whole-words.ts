/**
 * Returns the beginning of a text that was cut at `cut`, without the part of a word at its end; as it was cut where
 * that would take too much of it, as in a long path.
 */
export const wholeWords = (text: string, cut: string): string => {
  if (!cut.includes(' ') || /^(?: |$)/.test(text.slice(cut.length))) return cut.trimEnd()
  const whole = cut.slice(0, cut.lastIndexOf(' ')).trimEnd()
  return whole.length < cut.length * 0.6 ? cut : whole
}
