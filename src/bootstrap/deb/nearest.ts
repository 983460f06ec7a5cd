/** Returns up to three of the names that resemble a text, the likeliest first; perhaps none. */
export const nearestNames = (text: string, names: Iterable<string>): string[] => {
  const sought = pairsOf(text.toLowerCase())
  const found: { name: string; likeness: number }[] = []
  for (const name of names) {
    // Names of a very different length are no slip of the finger.
    if (Math.abs(name.length - text.length) > Math.max(3, text.length / 2)) continue
    const likeness = likenessOf(sought, pairsOf(name))
    if (likeness >= 0.55) found.push({ name, likeness })
  }
  return found
    .sort((a, b) => b.likeness - a.likeness || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name)
}

/** The pairs of letters of a word; its begin and end count too, so that short words have some. */
const pairsOf = (text: string): Set<string> => {
  const word = `^${text}$`
  return new Set(Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)))
}

/** Twice the common pairs by all pairs (Dice's coefficient): 0 to 1. */
const likenessOf = (some: Set<string>, others: Set<string>): number => {
  let common = 0
  for (const pair of others) if (some.has(pair)) common++
  return (2 * common) / (some.size + others.size)
}
