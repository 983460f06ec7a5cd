import { parseSize } from '../../text/parse-size.ts'
import { lineFormatReader } from './assembly.ts'
import type { Progress, Reader } from './reader.ts'

interface Layer {
  sent: boolean
  /** Bytes; 0 of 0 while nobody has told. */
  done: number
  total: number
}

interface Push {
  readonly layers: Map<string, Layer>
  /** The last state of each layer that became a log line. */
  readonly told: Map<string, string>
  /** Which of several images it is at, by skopeo. */
  image: { readonly at: number; readonly of: number } | null
  fraction: number
}

/** docker's line of a layer; the others' of a blob, which is a layer, or of the configuration. */
const LAYER = /^()([0-9a-f]{12}): (\S.*?)\s*$/
const BLOB = /^Copying (blob|config) (?:sha256:)?([0-9a-f]{10,64})\s*(.*?)\s*$/
const IMAGE = /^Copying image \S+ \((\d+)\/(\d+)\)/
const SENT = /^(?:Pushed|Layer already exists|Mounted from |done|skipped)/
const SIZE = '[\\d.]+ ?[kKMGT]?i?[Bb]'
/** What changes from one moment to the next: bar, bytes, speed, or the point that waits for them. */
const AMOUNT = new RegExp(
  `\\s*(?:\\[[=> -]*\\]\\s*)?(${SIZE})(?: ?/ ?(${SIZE}))?(?: \\| .*)?$|\\s*\\.$`,
)

/**
 * Reads `docker push`, `podman push` and `skopeo copy`. In a terminal they show the bytes of each layer. Without one
 * docker says of each layer when it was sent; the others only when it begins, and skopeo which of several images it is at.
 */
export const pushReader = (): Reader => {
  const push: Push = { layers: new Map(), told: new Map(), image: null, fraction: 0 }
  return lineFormatReader({
    line: text => newsOf(push, text) ?? [text],
    // What is not a layer's comes once more, as the line that it is.
    version: text => newsOf(push, text) ?? [],
    progress: () => pushProgress(push),
  })
}

/** A layer's line without its bytes; none where it says no more than how many there are by now. Null for other lines. */
const newsOf = (push: Push, text: string): readonly string[] | null => {
  noteImage(push, text)
  const [, kind, id, state = ''] = LAYER.exec(text) ?? BLOB.exec(text) ?? []
  if (id === undefined || kind === undefined) return null
  const key = `${kind} ${id}`
  const word = state.replace(AMOUNT, '')
  if (kind !== 'config') noteLayer(push, id, word, AMOUNT.exec(state) ?? [])
  if (push.told.get(key) === word) return []
  push.told.set(key, word)
  return [text.trimEnd().replace(AMOUNT, '')]
}

const noteLayer = (
  { layers }: Push,
  id: string,
  word: string,
  [, done = '', total = '']: readonly (string | undefined)[],
): void => {
  const known = layers.get(id) ?? { sent: false, done: 0, total: 0 }
  const bytes = parseSize(done) ?? known.done
  const size = parseSize(total) ?? known.total
  const sent = SENT.test(word)
  // docker counts the headers of the tar too, and so comes to more than the layer's size.
  layers.set(id, { sent, total: size, done: sent ? size : Math.min(bytes, size) })
}

const noteImage = (push: Push, text: string): void => {
  // The image's configuration is sent after the last layer.
  if (/^(?:Copying config|Writing manifest)/.test(text))
    for (const layer of push.layers.values()) {
      layer.sent = true
      layer.done = layer.total
    }
  const [, at, of] = IMAGE.exec(text) ?? []
  if (of === undefined) return
  push.image = { at: Number(at), of: Number(of) }
  push.layers.clear()
}

const pushProgress = (push: Push): Progress | null => {
  const amount = amountOf([...push.layers.values()])
  const { image } = push
  if (image === null && amount === null) return null
  const share = amount === null ? 0 : amount.done / amount.total
  const fraction = image === null ? share : (image.at - 1 + share) / image.of
  // A layer whose size is told later must not take the bar back.
  push.fraction = Math.max(push.fraction, fraction)
  return {
    ...amount,
    fraction: push.fraction,
    text: image === null ? 'Pushing' : `Image ${image.at} of ${image.of}`,
  }
}

const amountOf = (
  layers: readonly Layer[],
): { done: number; total: number; unit: 'bytes' | 'layers' } | null => {
  if (layers.length === 0) return null
  const total = sum(layers.map(layer => layer.total))
  return total > 0
    ? { done: sum(layers.map(({ done }) => done)), total, unit: 'bytes' }
    : { done: layers.filter(({ sent }) => sent).length, total: layers.length, unit: 'layers' }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
