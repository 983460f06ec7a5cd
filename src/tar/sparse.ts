import { BLOCK } from './block.ts'
import { natural, numberAt } from './header.ts'
import { paxNatural, paxValue } from './pax.ts'
import type { PaxRecords } from './pax.ts'
import { TarProblem, UnreadProblem } from './problem.ts'

/** A part of a sparse file that is stored; the rest of the file is zeros. */
export interface Segment {
  readonly offset: number
  readonly length: number
}

/** A sparse file: its real size, and its stored parts in order, without overlap. */
export interface SparseMap {
  readonly size: number
  readonly segments: readonly Segment[]
}

/** Reads blocks that follow a header. */
export type NextBlock = () => Promise<Buffer>

const MOST_SEGMENTS = 100_000

/** Returns the map of GNU tar's old format, which goes on in blocks after the header while a flag is set. */
export const gnuSparse = async (header: Buffer, next: NextBlock): Promise<SparseMap> => {
  const size = natural(numberAt(header, 483, 12))
  const segments = segmentsIn(header, 386, 4)
  for (let goesOn = header[482] !== 0; goesOn;) {
    const block = await next()
    segments.push(...segmentsIn(block, 0, 21))
    if (segments.length > MOST_SEGMENTS) throw tooMany()
    goesOn = block[504] !== 0
  }
  return checked({ size, segments })
}

const segmentsIn = (block: Buffer, start: number, count: number): Segment[] => {
  const found: Segment[] = []
  for (let at = start; at < start + count * 24 && block[at] !== 0; at += 24) {
    found.push({
      offset: natural(numberAt(block, at, 12)),
      length: natural(numberAt(block, at + 12, 12)),
    })
  }
  return found
}

/** Returns the map that PAX records hold (formats 0.0 and 0.1), or null when they describe none or hold it elsewhere. */
export const paxSparse = (records: PaxRecords): SparseMap | null => {
  const size = paxNatural(records, 'GNU.sparse.size')
  if (size === undefined || isMapInBody(records)) return null
  const list = paxValue(records, 'GNU.sparse.map')?.toString('latin1')
  const numbers =
    list === undefined ? listedNumbers(records) : list.split(',').filter(text => text !== '')
  return checked({ size, segments: pairs(numbers) })
}

const listedNumbers = (records: PaxRecords): string[] =>
  records
    .filter(([key]) => key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
    .map(([, value]) => value.toString('latin1'))

/** Returns whether records say that the map is at the start of the body (format 1.0). */
export const isMapInBody = (records: PaxRecords): boolean =>
  paxValue(records, 'GNU.sparse.major')?.toString() === '1' &&
  paxValue(records, 'GNU.sparse.minor')?.toString() === '0'

/**
 * Returns the map at the start of a body (format 1.0): the count and the numbers, one a line, filled to whole blocks.
 * `stored` is how many bytes of the body are left after it.
 */
export const bodySparse = async (
  records: PaxRecords,
  bodySize: number,
  next: NextBlock,
): Promise<{ readonly map: SparseMap; readonly stored: number }> => {
  const size = paxNatural(records, 'GNU.sparse.realsize') ?? 0
  const lines = lineReader(bodySize, next)
  const count = numberOf((await lines.take(1))[0] ?? '')
  if (count > MOST_SEGMENTS) throw tooMany()
  const numbers = await lines.take(2 * count)
  return { map: checked({ size, segments: pairs(numbers) }), stored: lines.remaining() }
}

const lineReader = (bodySize: number, next: NextBlock) => {
  const found: string[] = []
  let partialLine = ''
  let remaining = bodySize
  const take = async (count: number): Promise<string[]> => {
    while (found.length < count) {
      if (remaining < BLOCK || partialLine.length > LONGEST_LINE) throw damaged()
      remaining -= BLOCK
      const parts = (partialLine + (await next()).toString('latin1')).split('\n')
      partialLine = parts.pop() ?? ''
      found.push(...parts)
    }
    return found.splice(0, count)
  }
  return { take, remaining: () => remaining }
}

const LONGEST_LINE = 40

const pairs = (numbers: readonly string[]): Segment[] => {
  if (numbers.length % 2 !== 0) throw damaged()
  if (numbers.length / 2 > MOST_SEGMENTS) throw tooMany()
  return numbers
    .filter((_, at) => at % 2 === 0)
    .map((offset, at) => ({
      offset: numberOf(offset),
      length: numberOf(numbers[2 * at + 1] ?? ''),
    }))
}

const numberOf = (text: string): number => {
  if (!/^\d+$/.test(text)) throw damaged()
  return natural(Number(text))
}

const checked = (map: SparseMap): SparseMap => {
  let end = 0
  for (const { offset, length } of map.segments) {
    if (offset < end || offset + length > map.size) throw damaged()
    end = offset + length
  }
  return map
}

const damaged = (): TarProblem => new TarProblem('it has a sparse file with a damaged map')

const tooMany = (): TarProblem =>
  new UnreadProblem(`it has a sparse file of more than ${MOST_SEGMENTS} parts`)
