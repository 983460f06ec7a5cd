import type { Progress } from './reader.ts'

/** How far each vertex (one unit of work) of a BuildKit build is. */
export interface VertexBook {
  /** Notes a vertex by its name; noting it again changes nothing. */
  readonly see: (key: string, name: string) => void
  readonly run: (key: string) => void
  readonly complete: (key: string) => void
  /** The vertex failed or was cancelled: it is neither done nor running. */
  readonly fail: (key: string) => void
  /** Notes how much of a file (a layer) of a vertex has come, in bytes. */
  readonly bytes: (key: string, file: string, current: number, total: number) => void
  /** A few words on what the vertex does now: `exporting layers`. */
  readonly now: (key: string, text: string) => void
  /** How far the build is, or null while no vertex is known. */
  readonly progress: () => Progress | null
}

interface Vertex {
  readonly name: string
  readonly kind: 'internal' | 'base' | 'step' | 'export'
  /** The stage and the number of its steps: `[build 2/4]` is 4 steps of `build`. */
  readonly stage: string
  readonly steps: number
  state: 'waiting' | 'running' | 'done' | 'failed'
  now: string
  readonly files: Map<string, { readonly current: number; readonly total: number }>
}

const STEP = /^\[(?:(.*) )?(\d{1,4})\/(\d{1,4})\] /
/** What a vertex weighs: internal ones are quick, a base image too unless it downloads. */
const WEIGHTS = { internal: 0.1, base: 0.1, step: 1, export: 1 }
const DOWNLOAD_WEIGHT = 4
/** Bytes to expect of a download at least: its small files are reported first. */
const USUAL_SIZE = 20_000_000
/** How many steps to expect while none is known. */
const USUAL_STEPS = 4

/** Makes an empty book of vertices. */
export const vertexBook = (): VertexBook => {
  const vertices = new Map<string, Vertex>()
  let fraction = 0
  // Noted after every change, so that the result does not depend on how often somebody asks.
  const rise = (): void => {
    fraction = Math.max(fraction, fractionOf([...vertices.values()]))
  }
  const set = (key: string, state: Vertex['state']): void => {
    const vertex = vertices.get(key)
    if (vertex === undefined || vertex.state === state) return
    // The vertex that changed last is the last one, so that its text is shown.
    vertices.delete(key)
    vertices.set(key, Object.assign(vertex, { state, now: '' }))
    rise()
  }
  return {
    see: (key, name) => {
      if (!vertices.has(key)) vertices.set(key, vertexOf(name))
    },
    run: key => set(key, 'running'),
    complete: key => set(key, 'done'),
    fail: key => set(key, 'failed'),
    bytes: (key, file, current, total) => {
      if (total === 0) return
      vertices.get(key)?.files.set(file, { current: Math.min(current, total), total })
      rise()
    },
    now: (key, text) => {
      const vertex = vertices.get(key)
      if (vertex !== undefined) vertex.now = text
    },
    progress: () => progressOf([...vertices.values()], fraction),
  }
}

const vertexOf = (name: string): Vertex => {
  const [, stage = '', , steps] = STEP.exec(name) ?? []
  return {
    name,
    kind: kindOf(name),
    stage,
    steps: Number(steps ?? 0),
    state: 'waiting',
    now: '',
    files: new Map(),
  }
}

const kindOf = (name: string): Vertex['kind'] => {
  if (name.startsWith('exporting to ')) return 'export'
  if (!STEP.test(name)) return 'internal'
  return name.replace(STEP, '').startsWith('FROM ') ? 'base' : 'step'
}

const progressOf = (vertices: readonly Vertex[], fraction: number): Progress | null => {
  if (vertices.length === 0) return null
  const running = vertices.findLast(vertex => vertex.state === 'running')
  return {
    fraction,
    ...amountOf(vertices, running),
    ...(running === undefined ? {} : { text: wordsOf(running) }),
  }
}

const fractionOf = (vertices: readonly Vertex[]): number => {
  const known = vertices.map(weightOf)
  const done = vertices.map((vertex, index) => (known[index] ?? 0) * shareOf(vertex))
  return sum(done) / (sum(known) + weightUnseen(vertices))
}

/** The export comes last, so until it is there more is to come. */
const weightUnseen = (vertices: readonly Vertex[]): number => {
  if (isEnding(vertices)) return 0
  const steps = vertices.every(vertex => vertex.steps === 0) ? USUAL_STEPS : stepsUnseen(vertices)
  return steps + WEIGHTS.export
}

const isEnding = (vertices: readonly Vertex[]): boolean =>
  vertices.some(vertex => vertex.kind === 'export')

const weightOf = (vertex: Vertex): number =>
  vertex.files.size > 0 ? DOWNLOAD_WEIGHT : WEIGHTS[vertex.kind]

const shareOf = (vertex: Vertex): number => {
  if (vertex.state === 'done') return 1
  const { done, total } = filesOf(vertex)
  return (0.9 * done) / Math.max(total, USUAL_SIZE)
}

const filesOf = (vertex: Vertex): { readonly done: number; readonly total: number } => {
  const files = [...vertex.files.values()]
  return { done: sum(files.map(file => file.current)), total: sum(files.map(file => file.total)) }
}

/** How many steps the names tell of (`2/4`) that have not been seen. */
const stepsUnseen = (vertices: readonly Vertex[]): number => {
  const steps = vertices.filter(vertex => vertex.steps > 0)
  const stages = new Map(steps.map(vertex => [vertex.stage, vertex.steps]))
  return Math.max(0, sum([...stages.values()]) - steps.length)
}

const amountOf = (vertices: readonly Vertex[], running: Vertex | undefined): Progress => {
  const { done, total } = running === undefined ? { done: 0, total: 0 } : filesOf(running)
  if (done < total) return { done, total, unit: 'bytes' }
  return {
    done: vertices.filter(vertex => vertex.state === 'done').length,
    total: vertices.length + (isEnding(vertices) ? 0 : stepsUnseen(vertices)),
    unit: 'steps',
  }
}

const wordsOf = (vertex: Vertex): string =>
  (vertex.now || vertex.name)
    .replace(/^(?=sha256:)/, 'downloading ')
    .replace(/sha256:([0-9a-f]{12})[0-9a-f]{52}/, '$1')
    .replace(/:$/, '')

const sum = (numbers: readonly number[]): number =>
  numbers.reduce((total, number) => total + number, 0)
