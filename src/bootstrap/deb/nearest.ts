/** Returns up to three of the names that resemble a text, the likeliest first; perhaps none. */
export const nearestNames = (text: string, names: Iterable<string>): string[] => {
  const sought = text.toLowerCase()
  const most = Math.max(1, Math.floor(sought.length / 3))
  const found: { name: string; slips: number }[] = []
  for (const name of names) {
    if (Math.abs(name.length - sought.length) > most) continue
    const slips = slipsBetween(sought, name, most)
    if (slips <= most) found.push({ name, slips })
  }
  const fewest = Math.min(...found.map(({ slips }) => slips))
  return found
    .filter(({ slips }) => slips <= fewest + 1)
    .sort((a, b) => a.slips - b.slips || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name)
}

/** How many letters were left out, added, changed or swapped with the next; more than `most` as soon as that is sure. */
const slipsBetween = (a: string, b: string, most: number): number => {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (isSwap) least = Math.min(least, before[j - 2]! + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return most + 1
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
