import { countField, jsonCutter, objectField, textField } from './json-values.ts'
import type { Fields } from './json-values.ts'
import { layerBook } from './layers.ts'
import type { LayerBook } from './layers.ts'
import { cleanLine } from './lines.ts'
import type { Progress, Reader, Reading } from './reader.ts'
import { progressTeller } from './teller.ts'
import { counted } from '../../text/units.ts'

export interface PullApiReader extends Reader {
  /** The error that the engine reported in the stream, or null. */
  readonly failure: () => string | null
}

interface Pull {
  readonly book: LayerBook
  readonly told: Map<string, string>
  /** Docker names the repository first; Podman does not, and says nothing at the end either. */
  named: boolean
  failure: string | null
}

/** The states that come with bytes again and again. */
const MEASURED = new Set(['Downloading', 'Extracting'])

/**
 * Reads the body of `POST /images/create`: bytes of each layer; the log lines are those of `docker pull`. An error
 * inside the stream becomes a line `error: …` and is kept for `failure`.
 */
export const pullApiReader = (): PullApiReader => {
  const pull: Pull = { book: layerBook(true), told: new Map(), named: false, failure: null }
  const tell = progressTeller()
  const lines: string[] = []
  const sink = {
    value: (value: Fields) => lines.push(...noteValue(pull, value)),
    text: (line: string) => lines.push(line),
  }
  const cutters = { stdout: jsonCutter(sink), stderr: jsonCutter(sink) }
  const taken = (): Reading[] => [
    ...lines.splice(0).map((text): Reading => ({ kind: 'line', text: cleanLine(text) })),
    ...tell(pullProgress(pull.book)),
  ]
  return {
    read: (chunk, source) => {
      cutters[source].read(chunk)
      return taken()
    },
    end: () => {
      cutters.stdout.end()
      cutters.stderr.end()
      if (isPodmanComplete(pull)) pull.book.complete()
      return taken()
    },
    failure: () => pull.failure,
  }
}

const noteValue = (pull: Pull, value: Fields): readonly string[] => {
  const error = errorOf(value)
  if (error !== null) return noteError(pull, error)
  const status = textField(value, 'status') ?? textField(value, 'stream')
  if (status === null) return []
  const id = textField(value, 'id')
  if (id === null) return noteStatus(pull, status)
  if (status.startsWith('Pulling from ')) pull.named = true
  pull.book.note(id, status)
  noteBytes(pull.book, id, objectField(value, 'progressDetail'))
  return newState(pull, id, status)
}

/** The text of an error inside the stream, or of the answer that the engine gives instead of one. */
const errorOf = (value: Fields): string | null =>
  textField(objectField(value, 'errorDetail'), 'message') ??
  textField(value, 'error') ??
  (textField(value, 'status') === null ? textField(value, 'message') : null)

const noteError = (pull: Pull, error: string): readonly string[] => {
  pull.failure = error
  return error.split('\n').map((line, index) => (index === 0 ? `error: ${line}` : line))
}

const noteStatus = (pull: Pull, status: string): readonly string[] => {
  if (status.startsWith('Status: ')) pull.book.complete()
  return status.split('\n').filter(line => line !== '')
}

const noteBytes = (book: LayerBook, id: string, detail: Fields): void => {
  const current = countField(detail, 'current')
  const total = countField(detail, 'total')
  // With the containerd store an extraction counts seconds.
  if (current !== null && total !== null && textField(detail, 'units') === null)
    book.bytes(id, current, total)
}

const newState = (pull: Pull, id: string, status: string): readonly string[] => {
  if (MEASURED.has(status) || pull.told.get(id) === status) return []
  pull.told.set(id, status)
  return [`${id}: ${status}`]
}

const isPodmanComplete = (pull: Pull): boolean =>
  !pull.named && pull.failure === null && pull.book.counts().settled

const pullProgress = (book: LayerBook): Progress => {
  const { layers, layersDone, downloaded, bytes, bytesTotal, fraction } = book.counts()
  const share = fraction === null ? {} : { fraction }
  if (layers === 0) return share
  const amount =
    bytesTotal > 0
      ? ({ done: bytes, total: bytesTotal, unit: 'bytes' } as const)
      : ({ done: layersDone, total: layers, unit: 'layers' } as const)
  if (layersDone === layers) return { ...share, ...amount }
  const text = `${downloaded ? 'Extracting' : 'Downloading'}, ${layersDone} of ${counted(layers, 'layer')} done`
  return { ...share, ...amount, text }
}
