/**
 * Returns a date (`2026-07-01`, `20260701T120000Z`, or a date and time that ISO 8601 has) as the snapshot archives name
 * it, or null for none.
 */
export const snapshotOf = (text: string): string | null => {
  if (/^\d{8}T\d{6}Z$/.test(text)) return text
  const time = Date.parse(/^\d{8}$/.test(text) ? text.replace(/(....)(..)/, '$1-$2-') : text)
  if (Number.isNaN(time)) return null
  return `${new Date(time).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}
