import { lineFormatReader } from './assembly.ts'
import type { Progress, Reader } from './reader.ts'

const LAYER = /^([0-9a-f]{12}): (.+)$/
const BLOB = /^Copying blob (?:sha256:)?([0-9a-f]{12,64})/
const IMAGE = /^Copying image \S+ \((\d+)\/(\d+)\)/
const SENT = /^(?:Pushed|Layer already exists|Mounted from )/

/**
 * Reads `docker push`, `podman push` and `skopeo copy` as they print without a terminal: docker says of each layer when
 * it was sent; the others only when it begins, and skopeo which of several images it is at.
 */
export const pushReader = (): Reader => {
  const layers = new Map<string, boolean>()
  let images: Progress | null = null
  const note = (text: string): void => {
    const [, id, state = ''] = LAYER.exec(text) ?? []
    if (id !== undefined) layers.set(id, SENT.test(state))
    const [, blob] = BLOB.exec(text) ?? []
    if (blob !== undefined) layers.set(blob, false)
    // The image's configuration is sent after the last layer.
    if (/^(?:Copying config|Writing manifest)/.test(text))
      for (const sent of layers.keys()) layers.set(sent, true)
    const [, at, of] = IMAGE.exec(text) ?? []
    if (of !== undefined)
      images = { fraction: (Number(at) - 1) / Number(of), text: `Image ${at} of ${of}` }
  }
  const ofLayers = (): Progress | null => {
    const total = layers.size
    const done = [...layers.values()].filter(Boolean).length
    return total === 0
      ? null
      : { done, total, unit: 'layers', fraction: done / total, text: 'Pushing' }
  }
  return lineFormatReader({
    line: text => {
      note(text)
      return [text]
    },
    progress: () => images ?? ofLayers(),
  })
}
