import { gzipSync } from 'node:zlib'
import { endOfTar, padding } from '../../../src/tar/block.ts'
import { tarHeader } from '../../../src/tar/write.ts'
import type { HeaderSpec } from '../../../src/tar/write.ts'

/** An entry of a package for tests. */
export interface MadeEntry extends Partial<HeaderSpec> {
  readonly path: string
  readonly body?: string | Uint8Array
}

/** Returns a tar of entries: a file unless said or its path ends in a slash. */
export const madeTar = (entries: readonly MadeEntry[]): Buffer =>
  Buffer.concat([
    ...entries.flatMap(({ body = '', ...entry }) => {
      const kind = entry.kind ?? (entry.path.endsWith('/') ? 'directory' : 'file')
      const bytes = Buffer.from(body)
      const size = entry.size ?? bytes.length
      const mode = kind === 'directory' ? 0o755 : 0o644
      return [
        tarHeader({ uid: 0, gid: 0, mode, ...entry, kind, size }),
        bytes,
        padding(bytes.length),
      ]
    }),
    endOfTar(),
  ])

/** Returns an ar archive of members. */
export const madeAr = (members: readonly (readonly [name: string, bytes: Uint8Array])[]): Buffer =>
  Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...members.flatMap(([name, bytes]) => [
      Buffer.from(
        `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`,
      ),
      bytes,
      Buffer.alloc(bytes.length % 2, '\n'),
    ]),
  ])

export interface MadeDeb {
  readonly name?: string
  readonly version?: string
  readonly architecture?: string
  /** Further lines of the control file. */
  readonly fields?: string
  readonly control?: readonly MadeEntry[]
  readonly data?: readonly MadeEntry[]
}

/** Returns a .deb whose members are gzip. */
export const madeDeb = ({
  name = 'hello',
  version = '1.0',
  architecture = 'all',
  fields = '',
  control = [],
  data = [],
}: MadeDeb): Buffer => {
  const text = `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\n${fields}`
  const controlTar = madeTar([{ path: './' }, { path: './control', body: text }, ...control])
  return madeAr([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', gzipSync(controlTar)],
    ['data.tar.gz', gzipSync(madeTar(data))],
  ])
}

/** Returns bytes as a stream of pieces. */
export const inPieces = async function* (
  bytes: Uint8Array,
  piece = 65_536,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
}

/** Returns all bytes of a stream. */
export const joined = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}
