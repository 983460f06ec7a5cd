/** Lets at most `places` pieces of work run at once; the others wait in the order they came. */
export const gate = (places: number): (<T>(work: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = []
  let free = places
  const enter = async (): Promise<void> => {
    if (free === 0) return new Promise(resolve => waiting.push(resolve))
    free--
  }
  const leave = (): void => {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }
  return async work => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
