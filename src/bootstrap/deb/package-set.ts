/** Returns all packages of a set: those of its variant, then those that were asked for besides. */
export const packagesOf = <Of>({
  required,
  base,
  extras,
}: {
  readonly required: readonly Of[]
  readonly base: readonly Of[]
  readonly extras: readonly Of[]
}): Of[] => [...required, ...base, ...extras]

/** Returns the date of the newest of some indexes, in milliseconds since 1970. */
export const newestDate = (suites: readonly { readonly date: number }[]): number =>
  Math.max(...suites.map(({ date }) => date))
