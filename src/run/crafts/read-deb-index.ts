import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readAssetIn } from '../../assets.ts'
import { newestDate } from '../../bootstrap/deb/package-set.ts'
import { writeWhole } from '../project/files.ts'
import { withFetcher } from './built-in.ts'
import { debRequest } from './deb-root.ts'
import type { Craft } from './craft.ts'

/**
 * Reads and verifies the signed index of every suite, one conditional request each when nothing changed, and writes
 * down which they are: with the same file the same image would be made again.
 */
export const readDebIndex: Craft = async (input, context) => {
  const { openSuites } = await import('../../bootstrap/deb/bootstrap.ts')
  const { request } = await debRequest(input, context)
  const { suites, missing } = await withFetcher(context, fetcher =>
    openSuites({ request, fetcher, signal: context.signal }),
  )
  const read = suites.map(({ source, sha256 }) => `${source.suite} ${sha256}`)
  const maker = readAssetIn(context.assets, 'bootstrap/configure.sh')
  const others = [
    `configured by ${createHash('sha256').update(maker).digest('hex')}`,
    `dated ${process.env['SOURCE_DATE_EPOCH'] ?? 'by the index'}`,
  ]
  const file = join(context.project.directory, String(input['file']))
  await writeWhole(file, Buffer.from(`${[...read, ...others].join('\n')}\n`))
  const newest = new Date(newestDate(suites))
  return {
    lines: [...read, ...missing.map(({ suite }) => `the mirror has no ${suite}`)],
    result: `${suites.map(({ source }) => source.suite).join(', ')}, of ${minute(newest)}`,
  }
}

const minute = (date: Date): string => `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`
