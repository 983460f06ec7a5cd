import { splitStanzas } from '../deb/deb822.ts'

/**
 * Returns the short names of the licences that a package's copyright file names, each once, in name order; none when it
 * is not in the machine-readable form (Debian's copyright-format 1.0, which DEP-5 proposed).
 */
export const licencesIn = (copyright: string): string[] => {
  if (!/^Format(?:-Specification)?:/im.test(copyright.slice(0, 4000))) return []
  const names = splitStanzas(copyright).flatMap(stanza => {
    if (!/^Files:/im.test(stanza)) return []
    const [, name = ''] = /^License:[ \t]*([^\n]*)/im.exec(stanza) ?? []
    const clean = name.replaceAll(/\s+/g, ' ').trim()
    return clean === '' || clean.length > LONGEST ? [] : clean
  })
  return [...new Set(names)].sort()
}

const LONGEST = 200

/**
 * Returns a short name as an identifier of the SPDX licence list, or null when it has none: Debian writes `GPL-2+` for
 * `GPL-2.0-or-later`, and `Expat` for `MIT`.
 */
export const spdxId = (name: string): string | null => {
  const gnu = /^(A?GPL|LGPL|GFDL)-(\d)(?:\.(\d))?(\+?)$/.exec(name)
  if (gnu !== null) {
    const [, kind, major, minor = '0', plus] = gnu
    const id = `${kind}-${major}.${minor}`
    return GNU.includes(id) ? `${id}-${plus === '' ? 'only' : 'or-later'}` : null
  }
  return OTHERS.get(name.toLowerCase()) ?? null
}

const GNU =
  'GPL-1.0 GPL-2.0 GPL-3.0 LGPL-2.0 LGPL-2.1 LGPL-3.0 AGPL-1.0 AGPL-3.0 GFDL-1.1 GFDL-1.2 GFDL-1.3'.split(
    ' ',
  )

const SAME =
  '0BSD Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSD-4-Clause BSL-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0 CC0-1.0 ISC MIT MPL-1.1 MPL-2.0 OpenSSL Python-2.0 Unlicense Zlib curl'

const OTHERS: ReadonlyMap<string, string> = new Map([
  ...SAME.split(' ').map(id => [id.toLowerCase(), id] as const),
  ['expat', 'MIT'],
  ['cc0', 'CC0-1.0'],
  ['apache-2', 'Apache-2.0'],
])
