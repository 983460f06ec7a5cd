import { lineFormatReader } from './assembly.ts'
import { pullApiReader } from './pull-api.ts'
import { layerBook } from './layers.ts'
import type { LayerBook } from './layers.ts'
import type { Progress, Reader, Source } from './reader.ts'

const LAYER = /^([0-9a-f]{12}): (.+)$/
const BLOB = /^Copying blob (?:sha256:)?([0-9a-f]{12,64})( done| skipped)?/
const REFERENCE = /^[\w.:/@[\]-]+$/

/** Reads a pull, however it was made: the API's JSON when stdout begins with `{`, else what the client prints. */
export const pullReader = (): Reader => {
  const client = clientPullReader()
  let stdout: Reader | null = null
  return {
    read: (chunk, source) => {
      if (source === 'stderr') return client.read(chunk, source)
      stdout ??= chunk[0] === BRACE ? pullApiReader() : client
      return stdout.read(chunk, source)
    },
    end: () =>
      stdout === null || stdout === client ? client.end() : [...client.end(), ...stdout.end()],
  }
}

const BRACE = '{'.charCodeAt(0)

/** Reads `docker pull` and `podman pull` as they print without a terminal: states of layers, no bytes. */
const clientPullReader = (): Reader => {
  const book = layerBook()
  return lineFormatReader({
    line: (text, source) => {
      noteDocker(book, text, source)
      notePodman(book, text)
      return [text]
    },
    progress: () => pullProgress(book),
  })
}

const noteDocker = (book: LayerBook, text: string, source: Source): void => {
  const [, id, state] = LAYER.exec(text) ?? []
  if (id !== undefined && state !== undefined) book.note(id, state)
  // The reference (with podman the ID) comes last, alone on its line, and only when all went well.
  if (text.startsWith('Status: ') || (source === 'stdout' && REFERENCE.test(text))) book.complete()
}

const notePodman = (book: LayerBook, text: string): void => {
  const [, id, there] = BLOB.exec(text) ?? []
  if (id !== undefined) book.note(id, there === undefined ? 'Pulling fs layer' : 'Already exists')
  // The image's configuration is copied after the last layer.
  if (text.startsWith('Copying config ')) book.complete()
}

const pullProgress = (book: LayerBook): Progress | null => {
  const { layers, layersDone, downloaded, fraction } = book.counts()
  const share = fraction === null ? {} : { fraction }
  if (layers === 0) return fraction === null ? null : share
  const text = downloaded ? 'Extracting' : 'Downloading'
  return {
    ...share,
    done: layersDone,
    total: layers,
    unit: 'layers',
    ...(layersDone === layers ? {} : { text }),
  }
}
