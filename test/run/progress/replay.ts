import type { Progress, Reader, Reading, Source } from '../../../src/run/progress/reader.ts'

/** A piece of output, from a transcript or made up. */
export interface Piece {
  readonly source: Source
  readonly bytes: Uint8Array
}

/** What a reader made of an output. */
export interface Replay {
  readonly lines: readonly string[]
  readonly progress: readonly Progress[]
  /** The last progress, or null when there was none. */
  readonly last: Progress | null
}

/** Hands the pieces to a reader and collects what it says. */
export const replay = (reader: Reader, pieces: readonly Piece[]): Replay => {
  const readings: Reading[] = pieces.flatMap(piece => reader.read(piece.bytes, piece.source))
  readings.push(...reader.end())
  const lines = readings.flatMap(reading => (reading.kind === 'line' ? [reading.text] : []))
  const progress = readings.flatMap(reading =>
    reading.kind === 'progress' ? [reading.progress] : [],
  )
  return { lines, progress, last: progress.at(-1) ?? null }
}

/** Text as a piece of stdout. */
export const out = (text: string): Piece => piece(text, 'stdout')

/** Text as a piece of stderr. */
export const err = (text: string): Piece => piece(text, 'stderr')

/** The same output, byte by byte. */
export const byteByByte = (pieces: readonly Piece[]): Piece[] =>
  pieces.flatMap(({ source, bytes }) =>
    [...bytes].map(byte => ({ source, bytes: Uint8Array.of(byte) })),
  )

/** The same output, cut at random places; pieces of the same stream that touch are joined first. */
export const randomCuts = (pieces: readonly Piece[], random: () => number): Piece[] =>
  joined(pieces).flatMap(({ source, bytes }) => {
    const cuts: Piece[] = []
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + Math.floor(random() ** 3 * 400)
      cuts.push({ source, bytes: bytes.slice(at, end) })
      at = end
    }
    return cuts
  })

/** The same output with some bytes replaced at random. */
export const mutated = (pieces: readonly Piece[], random: () => number): Piece[] =>
  pieces.map(({ source, bytes }) => ({
    source,
    bytes: bytes.map(byte => (random() < 0.02 ? Math.floor(random() * 256) : byte)),
  }))

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const piece = (text: string, source: Source): Piece => ({
  source,
  bytes: new TextEncoder().encode(text),
})

const joined = (pieces: readonly Piece[]): Piece[] => {
  const runs: Piece[][] = []
  for (const next of pieces) {
    const run = runs.at(-1)
    if (run?.[0]?.source === next.source) run.push(next)
    else runs.push([next])
  }
  return runs.map(run => ({
    source: run[0]?.source ?? 'stdout',
    bytes: new Uint8Array(Buffer.concat(run.map(({ bytes }) => bytes))),
  }))
}
