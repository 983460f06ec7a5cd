/** Returns the words in their order, no two alike: a second one gets `-2` behind it, or the next number that is free. */
export const distinct = (words: readonly string[]): string[] => {
  const taken = new Set(words)
  const seen = new Set<string>()
  return words.map(word => {
    if (!seen.has(word)) {
      seen.add(word)
      return word
    }
    let number = 2
    while (taken.has(`${word}-${number}`)) number += 1
    taken.add(`${word}-${number}`)
    return `${word}-${number}`
  })
}
