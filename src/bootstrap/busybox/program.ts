import type { TarEntry } from '../../tar/read.ts'
import { BootstrapError } from '../errors.ts'
import type { BusyBox } from './root.ts'

const MOST_PROGRAM = 64 * 1024 * 1024

/** Returns the program of a package's entry with its own version. Throws BootstrapError when it is not BusyBox. */
export const busyboxOf = async (
  entry: TarEntry,
  from: string,
): Promise<Pick<BusyBox, 'program' | 'version' | 'from'>> => {
  if (entry.size > MOST_PROGRAM) throw unknown(from, 'it has more than 64 MiB')
  const chunks: Uint8Array[] = []
  for await (const chunk of entry.body) chunks.push(chunk)
  const program = Buffer.concat(chunks)
  const at = program.indexOf('BusyBox v')
  const found = /^BusyBox v(\d+\.\d+\.\d+)/.exec(program.toString('latin1', at, at + 40))
  if (at === -1 || found === null) throw unknown(from, 'it does not say its version')
  return { program, version: found[1] ?? '', from }
}

const unknown = (from: string, why: string): BootstrapError =>
  new BootstrapError('busybox-unknown', `The program of ${from} is not BusyBox: ${why}.`, [
    'Give another --mirror.',
  ])
