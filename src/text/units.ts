/** Bytes for people: `872 kB`, `29.7 MB`; a kB is 1,000 bytes, as engines count. */
export const size = (bytes: number): string => {
  if (bytes < 1000) return counted(bytes, 'byte')
  const [unit, amount] =
    bytes < 1e6 ? ['kB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9]
  return `${amount < 100 ? amount.toFixed(1) : Math.round(amount)} ${unit}`
}

/** A number of things: `1 file`, `3 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`

/** Seconds for people: `0.4 s`, `12 s`, `1 min 20 s`, `3 h 5 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
