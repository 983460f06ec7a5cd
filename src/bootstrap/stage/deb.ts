import { TarProblem } from '../../tar/problem.ts'
import { tarEntries } from '../../tar/read.ts'
import type { TarEntry } from '../../tar/read.ts'
import { drain, metered } from '../../tar/streams.ts'
import type { Chunks } from '../../tar/streams.ts'
import { BootstrapError } from '../errors.ts'
import { arMembers } from './ar.ts'
import type { ArMember } from './ar.ts'
import { decompress } from './decompress.ts'
import type { Ending } from './decompress.ts'
import { refuse } from './refuse.ts'
import { safePath } from './safe-path.ts'

/** A file of control.tar: the scripts and lists that dpkg keeps in its `info` folder. */
export interface ControlFile {
  readonly name: string
  readonly mode: number
  readonly bytes: Buffer
}

/** What is done with a package as it is read. */
export interface DebReader {
  /** Called once, before any entry: `control` and the other files. */
  readonly control: (files: readonly ControlFile[]) => Promise<void> | void
  readonly entry: (entry: TarEntry) => Promise<void>
}

const MOST_CONTROL = 32 * 1024 * 1024
const MOST_CONTROL_FILES = 1000

/**
 * Reads a .deb (deb(5), format 2.0) to its end in bounded memory: its control files, then each entry of its data, of which
 * at most `mostBytes` are expanded. Throws BootstrapError with an ArchiveCode that names the package by `what`.
 */
export const readDeb = async (
  chunks: Chunks,
  { what, mostBytes }: { readonly what: string; readonly mostBytes: number },
  reader: DebReader,
): Promise<void> => {
  const wanted = ['debian-binary', 'control.tar', 'data.tar']
  try {
    for await (const member of arMembers(chunks)) {
      // deb(5): names that begin with an underscore are to be ignored.
      if (member.name.startsWith('_')) continue
      const { base, ending } = partsOf(member)
      if (base !== wanted.shift())
        throw refuse('deb-malformed', what, 'its members are not those of a package')
      if (base === 'debian-binary') await checkFormat(member, what)
      else if (base === 'control.tar')
        await readControl(member, endingOf(ending, what), what, reader)
      else await readData(member, endingOf(ending, what), { what, mostBytes }, reader)
    }
    if (wanted.length > 0) throw refuse('deb-truncated', what, `it ends before its ${wanted[0]}`)
  } catch (error) {
    throw error instanceof TarProblem ? meaning(error, what) : error
  }
}

const partsOf = ({ name }: ArMember): { readonly base: string; readonly ending: string } => {
  const found = /^(control\.tar|data\.tar)(\..*)?$/.exec(name)
  return found === null
    ? { base: name, ending: '' }
    : { base: found[1] ?? '', ending: found[2] ?? '' }
}

const endingOf = (ending: string, what: string): Ending => {
  if (ending === '' || ending === '.gz' || ending === '.xz' || ending === '.zst') return ending
  throw refuse(
    'deb-compression',
    what,
    `it is compressed by ${ending.slice(1, 20).replace(/\W/g, '?')}, which is not read`,
  )
}

const meaning = ({ message }: TarProblem, what: string): BootstrapError => {
  if (/ends (early|within)|damaged or cut/.test(message))
    return refuse('deb-truncated', what, message)
  if (/too much memory|more than is believable/.test(message)) return refuse('bomb', what, message)
  return refuse('deb-malformed', what, message)
}

const checkFormat = async (member: ArMember, what: string): Promise<void> => {
  const text = member.size > 100 ? '' : Buffer.concat(await all(member.body)).toString('latin1')
  if (!text.startsWith('2.')) throw refuse('deb-malformed', what, 'its format is not 2.0')
}

const all = async (chunks: Chunks): Promise<Uint8Array[]> => {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return parts
}

const readControl = async (
  member: ArMember,
  ending: Ending,
  what: string,
  { control }: DebReader,
): Promise<void> => {
  const files: ControlFile[] = []
  const plain = metered(decompress(member.body, ending), { remaining: MOST_CONTROL })
  for await (const entry of tarEntries(plain, { strict: true })) {
    const name = safePath(entry.pathBytes.toString('latin1'), what)
    if (name === '' && entry.kind === 'directory') continue
    if (entry.kind !== 'file' || !/^[a-z][a-z0-9-]*$/.test(name)) {
      throw refuse('entry-unsafe', what, 'its control data holds more than plain files')
    }
    if (files.length >= MOST_CONTROL_FILES || files.some(file => file.name === name)) {
      throw refuse('deb-malformed', what, `its control data holds ${name} twice`)
    }
    files.push({ name, mode: entry.mode, bytes: Buffer.concat(await all(entry.body)) })
  }
  if (!files.some(({ name }) => name === 'control')) {
    throw refuse('deb-malformed', what, 'it has no control file')
  }
  await control(files)
}

const readData = async (
  member: ArMember,
  ending: Ending,
  { what, mostBytes }: { readonly what: string; readonly mostBytes: number },
  { entry }: DebReader,
): Promise<void> => {
  const plain = metered(decompress(member.body, ending), { remaining: mostBytes })
  for await (const each of tarEntries(plain, { strict: true })) {
    if (each.isSparse) throw refuse('entry-unsafe', what, 'it holds a sparse file')
    await entry(each)
  }
  await drain(member.body)
}
