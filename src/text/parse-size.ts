const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** Bytes of a size as engines print it (`5.24MB`, `300.28kB`, `109B`; decimal units), or null. */
export const parseSize = (text: string): number | null => {
  const [, digits, unit] = /^(\d{1,15}(?:\.\d{1,6})?) ?([kKMGT]i?B|B)$/.exec(text) ?? []
  const factor = unit === undefined ? undefined : UNITS[unit]
  return factor === undefined ? null : Math.round(Number(digits) * factor)
}
