import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline as pipe } from 'node:stream/promises'
import type { Running, StageEnd } from './stage.ts'

/** What to do with a pipeline's streams. */
export interface PipelineUse {
  /** A file that feeds the first stage, or null. */
  readonly input: string | null
  /** What the first stage reads before that file. */
  readonly inputBefore?: string
  /** Takes the last stage's stdout, chunk by chunk. A promise holds the stage back. */
  readonly stdout: (chunk: Uint8Array) => void | Promise<void>
  /** Takes what every stage says on stderr. */
  readonly stderr: (chunk: Uint8Array) => void | Promise<void>
  /** A chunk was handed from one stage to the next. A promise holds the next one back. */
  readonly passed?: (chunk: Uint8Array) => void | Promise<void>
  /** What is wrong with so many bytes handed over by a stage that ended well; null when they are all. */
  readonly missing?: (bytes: number) => string | null
  /** All output has been read. */
  readonly end: () => void | Promise<void>
}

/** How a pipeline ended: as its first stage that failed did, or as its last. */
export interface PipelineEnd extends StageEnd {
  readonly name: string
}

/** What a stage handed over was cut short, though the stage ended well. */
export class CutShort extends Error {
  override readonly name = 'CutShort'
}

/**
 * Connects stages that have been started and waits for them. A stage sees the end of its input only when
 * the one before it has ended with 0; otherwise it is killed, because `docker import` takes an empty or a
 * cut tar for a whole one.
 */
export const runPipeline = async (
  stages: readonly Running[],
  use: PipelineUse,
): Promise<PipelineEnd> => {
  const first = stages[0]!
  const last = stages.at(-1)!
  const work = [
    feed(first, use),
    ...stages.slice(1).map((stage, i) => handOver(stages[i]!, stage, use)),
    drain(last.stdout, use.stdout),
    ...stages.map(stage => drain(stage.stderr, use.stderr)),
  ]
  try {
    await Promise.all(work)
    await use.end()
  } catch (error) {
    await Promise.all(stages.map(stage => stage.kill()))
    throw error
  }
  const ends = await Promise.all(
    stages.map(async stage => ({ ...(await stage.ended), name: stage.name })),
  )
  return (
    ends.find(end => end.exitCode !== 0 && end.exitCode !== null) ??
    ends.find(end => end.exitCode !== 0) ??
    ends.at(-1)!
  )
}

const feed = async (stage: Running, { input, inputBefore = '' }: PipelineUse): Promise<void> => {
  if (stage.stdin === null) return
  stage.stdin.on('error', () => undefined)
  if (input === null) {
    if (stage.stdin.writable) stage.stdin.end()
    return
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    if (inputBefore !== '') yield Buffer.from(inputBefore)
    yield* createReadStream(input)
  }
  await pipe(all(), stage.stdin).catch(ignoreClosed)
}

/** What a writer hears when its reader is gone; a craft that stops reading makes the last of them. */
const CLOSED = [
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ABORT_ERR',
]

/** A stage that ends before it has read all its input says why itself. */
const ignoreClosed = (error: NodeJS.ErrnoException): void => {
  if (!CLOSED.includes(error.code ?? '')) throw error
}

const handOver = async (from: Running, to: Running, use: PipelineUse): Promise<void> => {
  const into = to.stdin!
  into.on('error', () => undefined)
  let bytes = 0
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength
      await use.passed?.(chunk)
      yield chunk
    }
  }
  const open = await pipe(from.stdout, counted, into, { end: false }).then(
    () => true,
    (error: unknown) => {
      ignoreClosed(error as NodeJS.ErrnoException)
      return false
    },
  )
  const { exitCode } = await from.ended
  const missing = exitCode === 0 && open ? (use.missing?.(bytes) ?? null) : null
  if (missing !== null) throw new CutShort(missing)
  if (exitCode === 0) into.end()
  else await to.kill()
}

const drain = async (
  stream: Readable,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> => {
  try {
    for await (const chunk of stream) await take(chunk as Uint8Array)
  } catch (error) {
    ignoreClosed(error as NodeJS.ErrnoException)
  }
}
