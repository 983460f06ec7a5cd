/** How far each layer of a pull is, by the states that `docker pull` prints and the bytes that the API adds. */
export interface LayerBook {
  /** Notes a layer's new state; another text than a state changes nothing. */
  readonly note: (id: string, state: string) => void
  /** Notes that `current` bytes of `total` are downloaded or extracted, whichever the layer's state says. */
  readonly bytes: (id: string, current: number, total: number) => void
  /** Notes that every layer is there. */
  readonly complete: () => void
  readonly counts: () => LayerCounts
}

export interface LayerCounts {
  readonly layers: number
  readonly layersDone: number
  /** True when no layer waits for its download. */
  readonly downloaded: boolean
  /** True when there are layers, all downloaded, and none is being extracted. */
  readonly settled: boolean
  /** Bytes of the downloads whose size is known. */
  readonly bytes: number
  readonly bytesTotal: number
  /** 0 to 1, never falling, or null while every layer known was there before. */
  readonly fraction: number | null
}

interface Layer {
  state: LayerState
  /** Share of the download and of the extraction, 0 to 1. */
  loaded: number
  extracted: number
  size: number | null
}

type LayerState = 'waiting' | 'loading' | 'loaded' | 'extracting' | 'done' | 'present'

const STATES = new Map<string, LayerState>([
  ['Pulling fs layer', 'waiting'],
  ['Waiting', 'waiting'],
  ['Downloading', 'loading'],
  ['Verifying Checksum', 'loading'],
  ['Download complete', 'loaded'],
  ['Extracting', 'extracting'],
  ['Pull complete', 'done'],
  ['Already exists', 'present'],
])
/** What the download is of a layer's work, the rest being the extraction. */
const LOAD_SHARE = 0.8

/** What a layer is taken to weigh, in bytes, before its size is known. */
const USUAL_SIZE = 20_000_000

/**
 * Makes an empty book of layers. With `sized`, sizes in bytes will be noted and layers weigh by them; otherwise all
 * weigh the same.
 */
export const layerBook = (sized = false): LayerBook => {
  const layers = new Map<string, Layer>()
  let fraction: number | null = null
  // Noted after every change, so that the result does not depend on how often somebody asks.
  const rise = (): void => {
    const now = fractionOf(
      [...layers.values()].filter(layer => layer.state !== 'present'),
      sized,
    )
    if (now !== null) fraction = Math.max(fraction ?? 0, now)
  }
  return {
    note: (id, text) => {
      const state = STATES.get(text)
      if (state !== undefined) layers.set(id, moved(layers.get(id) ?? fresh(), state))
      rise()
    },
    bytes: (id, current, total) => {
      const layer = layers.get(id)
      if (layer !== undefined && total > 0) measure(layer, current, total)
      rise()
    },
    complete: () => {
      for (const [id, layer] of layers) layers.set(id, moved(layer, 'done'))
      fraction = 1
    },
    counts: () => ({ ...count([...layers.values()]), fraction }),
  }
}

const fresh = (): Layer => ({ state: 'waiting', loaded: 0, extracted: 0, size: null })

const moved = (layer: Layer, state: LayerState): Layer => {
  if (layer.state === 'done' || layer.state === 'present') return layer
  const loaded = state === 'waiting' || state === 'loading' ? layer.loaded : 1
  return { ...layer, state, loaded, extracted: state === 'done' ? 1 : layer.extracted }
}

const measure = (layer: Layer, current: number, total: number): void => {
  const share = Math.min(1, current / total)
  layer.size ??= total
  if (layer.state === 'loading') layer.loaded = share
  if (layer.state === 'extracting') layer.extracted = share
}

const count = (layers: readonly Layer[]): Omit<LayerCounts, 'fraction'> => {
  const known = layers.filter(layer => layer.size !== null)
  const done = layers.filter(layer => layer.state === 'done' || layer.state === 'present')
  const downloaded = layers.every(layer => layer.state !== 'waiting' && layer.state !== 'loading')
  const extracting = layers.some(layer => layer.state === 'extracting')
  return {
    layers: layers.length,
    layersDone: done.length,
    downloaded,
    settled: downloaded && !extracting && layers.length > 0,
    bytes: sum(known.map(layer => Math.round(layer.loaded * (layer.size ?? 0)))),
    bytesTotal: sum(known.map(layer => layer.size ?? 0)),
  }
}

const fractionOf = (layers: readonly Layer[], sized: boolean): number | null => {
  if (layers.length === 0) return null
  const weights = layers.map(layer => (sized ? weightOf(layer) : 1))
  const work = layers.map(
    (layer, index) =>
      (LOAD_SHARE * layer.loaded + (1 - LOAD_SHARE) * layer.extracted) * (weights[index] ?? 0),
  )
  return sum(weights) === 0 ? 0 : sum(work) / sum(weights)
}

/** A layer that came before its size was told is a small one. */
const weightOf = (layer: Layer): number => layer.size ?? (layer.loaded === 1 ? 0 : USUAL_SIZE)

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
