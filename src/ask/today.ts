/** Today's date, `YYYY-MM-DD`, by which the support of releases is told. */
export const today = (): string => new Date().toISOString().slice(0, 10)
