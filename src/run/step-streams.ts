import { join } from 'node:path'
import type { Step } from '../plan/types.ts'
import { fileBytes } from '../tar/file-bytes.ts'
import { size } from '../text/units.ts'
import type { RunContext } from './context.ts'
import type { Event } from './events.ts'
import type { WholeFile } from './project/files.ts'
import { gzipGauge } from './gauge.ts'
import type { PipelineUse } from './pipeline.ts'
import { makeReader } from './progress/index.ts'
import type { Reading, Source } from './progress/reader.ts'

/** What a proof may print before the rest is left out. */
const PROOF_BYTES = 64 * 1024

/**
 * What becomes of a step's streams: its reader makes events of them, what it learns is remembered, and the step's
 * last lines, 200 and more, are put in `lastLines`. What an earlier try of the step left in the context is forgotten.
 */
export const stepStreams = (
  step: Step,
  context: RunContext,
  file: WholeFile | null,
  lastLines: string[],
): PipelineUse => {
  const reader = makeReader(step.reader)
  const last = step.pipeline.at(-1)?.kind
  // A craft that packs measures by itself.
  const gauge =
    step.reader === 'import' && last === 'command'
      ? { gzip: gzipGauge(), files: fileBytes() }
      : null
  // Where a craft takes what a command prints, the command's status can only come by stderr.
  const told = last === 'craft' && step.reader === 'apt' ? 'stdout' : 'stderr'
  const note = noter(context)
  if (step.to.kind === 'proof') context.printed.splice(0)
  const show = async (readings: readonly Reading[], source: Source): Promise<void> => {
    if (readings.length === 0) return
    for (const reading of readings.slice(-200))
      if (reading.kind === 'line') lastLines.push(reading.text)
    for (const reading of readings) note(reading)
    if (lastLines.length > 400) lastLines.splice(0, lastLines.length - 200)
    await context.emit(readings.flatMap(reading => asEvent(step, reading, source) ?? []))
  }
  return {
    input: step.from === undefined ? null : join(context.project.directory, step.from),
    ...(step.secretInput === undefined ? {} : { inputBefore: step.secretInput }),
    stdout: async (chunk: Uint8Array) => {
      if (file !== null) return file.write(chunk)
      if (step.to.kind === 'proof') keepPrinted(context, chunk)
      return show(reader.read(chunk, 'stdout'), 'stdout')
    },
    stderr: (chunk: Uint8Array) => {
      // A terminal shows both, and how to use a program is often said here.
      if (step.proofBy === 'start') keepPrinted(context, chunk)
      return show(reader.read(chunk, told), 'stderr')
    },
    passed: async (chunk: Uint8Array) => {
      gauge?.files.add(chunk)
      await gauge?.gzip.add(chunk)
      await show(reader.passed?.(chunk.byteLength) ?? [], 'stdout')
    },
    missing: bytes => (reader.announced === undefined ? null : cutShort(bytes, reader.announced())),
    end: async () => {
      await show(reader.end(), 'stdout')
      if (gauge === null) return
      context.values.set('files.bytes', String(gauge.files.sum()))
      context.values.set('image.compressed', String(await gauge.gzip.end()))
    },
  }
}

/** Remembers what readings tell of the root filesystem; the first size of a try starts over. */
const noter = ({ sizeHistory, values }: RunContext): ((reading: Reading) => void) => {
  let begun = false
  return reading => {
    if (reading.kind === 'mirror') values.set('mirror', reading.url)
    if (reading.kind !== 'size') return
    const { bytes, after } = reading
    if (!begun) {
      sizeHistory.splice(0)
      values.set('rootfs.first', String(bytes))
    }
    begun = true
    values.set('rootfs.last', String(bytes))
    sizeHistory.push({ bytes, after })
  }
}

const cutShort = (bytes: number, announced: number | null): string | null => {
  if (announced === null)
    return 'What arrived may be incomplete, because its size was not announced; so no image was made.'
  return announced === bytes
    ? null
    : `Only ${size(bytes)} of ${size(announced)} arrived; an image of that would lack files, so none was made.`
}

const asEvent = (step: Step, reading: Reading, source: Source): Event | null => {
  const { id } = step
  switch (reading.kind) {
    case 'line':
      return { type: 'output', step: id, source, line: reading.text }
    case 'progress':
      return { type: 'progress', step: id, ...reading.progress }
    case 'size':
      return { type: 'size', step: id, bytes: reading.bytes, after: reading.after }
    case 'mirror':
      return null
  }
}

const keepPrinted = ({ printed }: RunContext, chunk: Uint8Array): void => {
  const kept = printed.reduce((sum, { byteLength }) => sum + byteLength, 0)
  if (kept < PROOF_BYTES) printed.push(chunk.subarray(0, PROOF_BYTES - kept))
}
