/** One URL of apt's sources with what is taken from there. */
export interface AptSource {
  /** The file that names it. */
  readonly path: string
  /** Without slashes at its end. */
  readonly url: string
  readonly suites: readonly string[]
  readonly components: readonly string[]
  /** The only architectures that are taken from there; null for all. */
  readonly archs: readonly string[] | null
  readonly notArchs: readonly string[]
  /** Key files or fingerprints as written, or a key itself; null for any key that apt trusts. */
  readonly signedBy: string | null
}

/** The sources of binary packages that are switched on in one of apt's files; none for a file that apt does not read. */
export const readSources = (path: string, text: string): AptSource[] => {
  const name = path.replace(/^.*\//, '')
  if (!/^[\w.-]+$/.test(name)) return []
  if (name.endsWith('.sources')) return stanzas(text).flatMap(fields => fromStanza(path, fields))
  return name.endsWith('.list') ? text.split('\n').flatMap(line => fromLine(path, line)) : []
}

type Fields = ReadonlyMap<string, string>

/** Comments may also stand between the lines of one field. */
const stanzas = (text: string): Fields[] =>
  text
    .replace(/^#.*\n?/gm, '')
    .split(/\n[ \t]*(?:\n[ \t]*)+(?=\S|$)/)
    .map(fieldsOf)

const fieldsOf = (stanza: string): Fields => {
  const unfolded = stanza.replace(/\n[ \t]+/g, ' ')
  const fields = [...unfolded.matchAll(/^([^\s:]+)[ \t]*:(.*)$/gm)]
  return new Map(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value.trim()]))
}

const fromStanza = (path: string, fields: Fields): AptSource[] => {
  const words = (name: string): string[] => wordsOf(fields.get(name) ?? '')
  if (OFF.test(fields.get('enabled') ?? '') || !words('types').includes('deb')) return []
  const archs = words('architectures')
  return words('uris').map(url => ({
    path,
    url: bare(url),
    suites: words('suites'),
    components: words('components'),
    archs: archs.length === 0 ? null : archs,
    notArchs: words('architectures-remove'),
    signedBy: fields.get('signed-by') || null,
  }))
}

/** What apt takes for a no. */
const OFF = /^(?:no|false|without|off|disable|0)$/i

const fromLine = (path: string, line: string): AptSource[] => {
  const match = /^\s*deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)\s*(.*)$/.exec(line.replace(/#.*/, ''))
  if (match === null) return []
  const [, options = '', url = '', suite = '', components = ''] = match
  const option = (name: string): string | null =>
    wordsOf(options)
      .find(word => word.toLowerCase().startsWith(`${name}=`))
      ?.slice(name.length + 1) ?? null
  return [
    {
      path,
      url: bare(url),
      suites: [suite],
      components: wordsOf(components),
      archs: option('arch')?.split(',') ?? null,
      notArchs: option('arch-')?.split(',') ?? [],
      signedBy: option('signed-by'),
    },
  ]
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter(word => word !== '')

const bare = (url: string): string => url.replace(/\/+$/, '')
