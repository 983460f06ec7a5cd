// Figures in words, and rows of the table.

export const ms = seconds =>
  Number.isFinite(seconds) ? `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms` : 'never'
export const s = seconds => `${seconds.toFixed(2)} s`
export const mb = bytes => `${(bytes / 1e6).toFixed(0)} MB`
export const kb = bytes => `${(bytes / 1e3).toFixed(1)} kB`
export const count = number => number.toLocaleString('en-US')

/** `0.43 (0.41 to 0.47)`: a median and how far single pairs lay. */
export const range = ({ median, least, greatest }, digits = 2) =>
  least === greatest
    ? median.toFixed(digits)
    : `${median.toFixed(digits)} (${least.toFixed(digits)} to ${greatest.toFixed(digits)})`

/** A row: `met` is true, false, or null where nothing is required. */
export const row = (what, { ours, theirs = '', ratio = '', bound = '', met = null }) => ({
  what,
  ours,
  theirs,
  ratio,
  bound,
  met,
})

/** A row of a comparison, each figure in the words of `unit`. */
export const comparisonRow = (what, compared, unit, required = {}) =>
  row(what, {
    ours: unit(compared.ours),
    theirs: unit(compared.theirs),
    ratio: range(compared.ratio),
    ...required,
  })
