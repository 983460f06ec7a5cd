import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readAssetIn } from '../../assets.ts'
import { newestDate } from '../../bootstrap/deb/package-set.ts'
import { writeWhole } from '../project/files.ts'
import type { CraftInputs } from '../../plan/craft-inputs.ts'
import { withFetcher } from './built-in.ts'
import { CraftError } from './craft-error.ts'
import type { Craft, CraftContext, CraftResult } from './craft.ts'
import { debLock, debRequest, debSources } from './deb-root.ts'
import { counted } from '../../text/units.ts'

/**
 * Reads and verifies the signed index of every suite, one conditional request each when nothing changed, and writes
 * down which they are: with the same file the same image would be made again. A lock replaces them all.
 */
export const readDebIndex: Craft<'read-deb-index'> = async (input, context) => {
  const file = join(context.project.directory, input.file)
  const rest = others(input, context)
  const found = await lockIn(input, context)
  try {
    const { read, ...result } = found ?? (await indexes(input, context))
    await writeWhole(file, Buffer.from(`${[...read, ...rest].join('\n')}\n`))
    return result
  } catch (error) {
    if (!(error instanceof CraftError) || !NO_ANSWER.includes(error.code)) throw error
    // With the image of the last index there, a mirror that is away for a while is no loss.
    if (!(await isOfLastTime(file, rest, context))) throw error
    context.tell?.(error.message)
    return {
      result: 'not reachable, so nothing newer was looked for',
      values: { 'packages.unasked': error.message },
    }
  }
}

const NO_ANSWER = ['unreachable', 'stalled', 'proxy-refused', 'server-refused', 'page-instead']

/** True when the image of the index that is noted in `file` was made, and would be made in the same way now. */
const isOfLastTime = async (
  file: string,
  rest: readonly string[],
  { project }: CraftContext,
): Promise<boolean> => {
  const noted = await readFile(file, 'utf8').catch(() => '')
  const isMade =
    project.kind === 'resumed' &&
    ['name', 'pack'].some(step => project.state.steps[step] !== undefined)
  return isMade && noted.endsWith(`\n${rest.join('\n')}\n`)
}

/** What an image is made by, in lines, and what is told of it. */
type Read = CraftResult & { readonly read: readonly string[] }

const indexes = async (
  input: CraftInputs['read-deb-index'],
  context: CraftContext,
): Promise<Read> => {
  const { openSuites } = await import('../../bootstrap/deb/bootstrap.ts')
  const { request } = await debRequest(input, context)
  const { suites, missing } = await withFetcher(input, context, fetcher =>
    openSuites({ request, fetcher, signal: context.signal }),
  )
  const read = suites.map(({ source, sha256 }) => `${source.suite} ${sha256}`)
  const newest = new Date(newestDate(suites))
  return {
    read,
    lines: [...read, ...missing.map(({ suite }) => `the mirror has no ${suite}`)],
    result: `${suites.map(({ source }) => source.suite).join(', ')}, of ${minute(newest)}`,
  }
}

const lockIn = async (
  input: CraftInputs['read-deb-index'],
  context: CraftContext,
): Promise<Read | null> => {
  const { locked } = input
  const lock = debLock(input, context)
  if (locked === null || lock === null) return null
  const newest = new Date(Math.max(...lock.suites.map(({ date }) => Date.parse(date))))
  return {
    read: [`locked ${sha256(await readFile(locked))}`],
    result: `${counted(lock.packages.length, 'package')}, of ${minute(newest)}`,
  }
}

/** What decides the image besides its packages. */
const others = (input: CraftInputs['read-deb-index'], { assets }: CraftContext): string[] => [
  `configured by ${sha256(Buffer.from(readAssetIn(assets, 'bootstrap/configure.sh')))}`,
  `dated ${process.env['SOURCE_DATE_EPOCH'] ?? 'by the index'}`,
  ...(debSources(input)?.copies ?? []).map(({ path, bytes }) => `with ${path} ${sha256(bytes)}`),
]

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const minute = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
