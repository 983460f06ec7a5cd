// Runs two ways of doing one thing in turn, and what their figures come to.

/**
 * One warm-up of each way that does not count, then `runs` pairs: A B A B …
 * Returns the pairs as `{ ours, theirs }`. What one way throws ends it.
 */
export const inTurn = async ({ runs, warmUp }, ours, theirs) => {
  const pairs = []
  for (let i = warmUp ? -1 : 0; i < runs; i++) {
    const pair = { ours: await ours(), theirs: await theirs() }
    if (i >= 0) pairs.push(pair)
  }
  return pairs
}

/**
 * One figure of every pair: the medians of both ways, and the median, least and greatest of the
 * pairwise ratios and differences (ours to theirs).
 */
export const compare = (pairs, figure) => {
  const both = pairs.map(({ ours, theirs }) => [ours[figure], theirs[figure]])
  return {
    ours: median(both.map(([a]) => a)),
    theirs: median(both.map(([, b]) => b)),
    ratio: spread(both.map(([a, b]) => a / b)),
    difference: spread(both.map(([a, b]) => a - b)),
  }
}

/** The median, least and greatest of numbers. */
const spread = values => ({
  median: median(values),
  least: Math.min(...values),
  greatest: Math.max(...values),
})

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The smallest value that at least that share (0 to 1) of the values do not exceed. */
export const percentile = (values, share) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(share * sorted.length) - 1]
}
