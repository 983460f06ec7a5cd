// Which changes a mutation run makes when it can't make all.

/** So many of a list, the same for the same seed, in the order of the list. */
export const sampleOf = (list, count, seed) => {
  const random = randomFrom(seed)
  return list
    .map((one, index) => ({ one, index, rank: random() }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ one }) => one)
}

/** Mulberry32: numbers from 0 to 1. */
const randomFrom = seed => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
