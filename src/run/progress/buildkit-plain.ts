import { lineFormatReader } from './assembly.ts'
import type { Reader } from './reader.ts'
import { parseSize } from '../../text/parse-size.ts'
import { vertexBook } from './vertices.ts'
import type { VertexBook } from './vertices.ts'

interface Plain {
  readonly book: VertexBook
  /** The name of each vertex by its number. */
  readonly names: Map<string, string>
  /** The last version of each status that is not done, by vertex and status. */
  readonly pending: Map<string, Map<string, string>>
}

interface Status {
  readonly id: string
  readonly current: number | null
  readonly total: number | null
  readonly done: boolean
}

const LINE = /^#(\d{1,6}) (.*)$/
const DIGEST = /^sha256:[0-9a-f]{64}$/
const OUTPUT = /^\d+\.\d{1,3}(?: |$)/
const DONE = /^(?:CACHED|DONE(?: \d+\.\d+s)?)$/
const FAILED = /^(?:CANCELED$|ERROR(?:: |$))/
const SIZE = String.raw`\d{1,15}(?:\.\d{1,6})?(?:[kKMGT]i?)?B`
const STATUS = new RegExp(
  `^(.*?)(?: (${SIZE})(?: / (${SIZE}))?)?(?: \\d{1,9}(?:\\.\\d{1,6})?s)?( done)?$`,
)
/** `#0` names the builder; it never ends. */
const BUILDER = '0'

/**
 * Reads BuildKit's plain progress, of the 20.10 client and of buildx. Log lines are those it prints, without the
 * repetitions: a header again, an update of a status, the digest under a header, blank lines.
 */
export const buildkitPlainReader = (): Reader => {
  const plain: Plain = { book: vertexBook(), names: new Map(), pending: new Map() }
  return lineFormatReader({
    line: text => noteLine(plain, text),
    end: () => [...plain.pending.keys()].flatMap(number => flush(plain, number)),
    progress: () => plain.book.progress(),
  })
}

const noteLine = (plain: Plain, text: string): readonly string[] => {
  if (text === '') return []
  const [, number, rest] = LINE.exec(text) ?? []
  // Without a number it is the error's tail, or a program's output after a carriage return.
  if (number === undefined || rest === undefined) return [text]
  const name = plain.names.get(number)
  if (name === undefined) return noteHeader(plain, number, rest, text)
  if (rest === name || rest === '...' || DIGEST.test(rest)) return []
  if (DONE.test(rest) || FAILED.test(rest)) return noteEnd(plain, number, rest, text)
  if (OUTPUT.test(rest) || rest.startsWith('WARN: ')) return [text]
  return noteStatus(plain, number, rest, text)
}

const noteHeader = (
  plain: Plain,
  number: string,
  name: string,
  text: string,
): readonly string[] => {
  plain.names.set(number, name)
  if (number === BUILDER) return [text]
  plain.book.see(number, name)
  plain.book.run(number)
  return [text]
}

const noteEnd = (plain: Plain, number: string, rest: string, text: string): readonly string[] => {
  if (DONE.test(rest)) plain.book.complete(number)
  else plain.book.fail(number)
  return [...flush(plain, number), text]
}

const noteStatus = (
  plain: Plain,
  number: string,
  rest: string,
  text: string,
): readonly string[] => {
  const status = statusOf(rest)
  if (status.current !== null && status.total !== null)
    plain.book.bytes(number, status.id, status.current, status.total)
  plain.book.now(number, status.id)
  const pending = plain.pending.get(number) ?? new Map<string, string>()
  plain.pending.set(number, pending)
  if (!status.done) {
    pending.set(status.id, text)
    return []
  }
  pending.delete(status.id)
  return [text]
}

const statusOf = (rest: string): Status => {
  const [, id = rest, current = '', total = '', done] = STATUS.exec(rest) ?? []
  return { id, current: parseSize(current), total: parseSize(total), done: done !== undefined }
}

/** The statuses of a vertex that never became done. */
const flush = (plain: Plain, number: string): readonly string[] => {
  const lines = [...(plain.pending.get(number)?.values() ?? [])]
  plain.pending.delete(number)
  return lines
}
