/** Today's date, `YYYY-MM-DD`, which decides whether a release is still supported. */
export const today = (): string => new Date().toISOString().slice(0, 10)
