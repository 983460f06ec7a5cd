/** The word of `words` that is at most two edits from `text`, or null. */
export const nearest = (text: string, words: readonly string[]): string | null => {
  const ranked = words
    .map(word => ({ word, edits: distance(text, word) }))
    .filter(({ word, edits }) => edits <= Math.min(2, word.length - 1))
    .sort((a, b) => a.edits - b.edits)
  return ranked[0]?.word ?? null
}

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(next[j]! + 1, row[j + 1]! + 1, row[j]! + (letter === other ? 0 : 1)))
    }
    row = next
  }
  return row[b.length]!
}
