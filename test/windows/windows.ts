import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const HERE = fileURLToPath(new URL('../..', import.meta.url))
const ROOT = process.env['CBI_WINDOWS'] ?? ''

/** What a command ended with, line ends as they were written. */
export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** A folder that both systems see. */
export interface Shared {
  readonly path: string
  /** Returns what Windows calls a file in it. */
  readonly named: (file: string) => string
  /** Runs the tool by Node for Windows; standard output and error are files. */
  readonly onWindows: (args: readonly string[]) => Promise<Ended>
  /** Runs the same files by this machine's Node. */
  readonly here: (args: readonly string[]) => Promise<Ended>
  readonly remove: () => void
}

/** Makes a folder with what npm would install. Throws without CBI_WINDOWS. */
export const sharedFolder = (): Shared => {
  if (ROOT === '') throw new Error('CBI_WINDOWS names no root: scripts/windows-node.sh prints one.')
  mkdirSync(join(ROOT, 'work'), { recursive: true })
  const path = mkdtempSync(join(ROOT, 'work', 'cbi-'))
  for (const part of ['bin', 'dist', 'assets', 'package.json', 'docs/schema'])
    cpSync(join(HERE, part), join(path, 'pkg', part), { recursive: true })
  const named = (file: string): string =>
    `Z:\\${relative(ROOT, join(path, file)).replaceAll('/', '\\')}`
  const bin = 'pkg/bin/create-base-image.js'
  const wine = join(HERE, 'scripts/windows-node.sh')
  return {
    path,
    named,
    onWindows: args => ended(path, wine, [ROOT, named(bin), ...args]),
    here: args => ended(path, process.execPath, [join(path, bin), ...args]),
    remove: () => rmSync(path, { recursive: true }),
  }
}

const ended = async (path: string, program: string, args: readonly string[]): Promise<Ended> => {
  const files = ['out', 'err'].map(name => join(path, name))
  const opened = files.map(file => openSync(file, 'w'))
  const child = spawn(program, args, {
    cwd: path,
    env: { ...process.env, CI: 'true', DOCKER_HOST: '' },
    stdio: ['ignore', ...opened],
  })
  const [code] = (await once(child, 'close')) as [number | null]
  for (const fd of opened) closeSync(fd)
  const [out = '', err = ''] = files.map(file => readFileSync(file, 'utf8'))
  return { code: code ?? -1, out, err }
}
