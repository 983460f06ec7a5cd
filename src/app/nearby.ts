import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inspectFile } from '../elf/file-kind.ts'

/** Where compilers put programs. */
const FOLDERS = ['.', 'bin', 'build', 'dist', 'src', 'target/release', 'zig-out/bin']
const RUST = /^(?:x86_64|aarch64)-unknown-linux-musl$/

/** As many as fit in a list, and as many files as are worth opening. */
const MOST = 8
const MOST_OPENED = 200

/** Returns the C files, or the static Linux programs, in a folder and where compilers put them: 8 at most, as `./path`. */
export const nearbyFiles = async (
  kind: 'source' | 'binary',
  cwd: string,
): Promise<readonly string[]> => {
  const rust = (await filesOf(join(cwd, 'target'), 'folders')).filter(name => RUST.test(name))
  const folders = [...FOLDERS, ...rust.map(name => `target/${name}/release`)]
  const all = await Promise.all(
    folders.map(async folder =>
      (await filesOf(join(cwd, folder))).map(name => (folder === '.' ? name : `${folder}/${name}`)),
    ),
  )
  const files = all.flat().filter(path => path.endsWith('.c') === (kind === 'source'))
  const found: string[] = []
  for (const path of files.slice(0, MOST_OPENED)) {
    if (found.length === MOST) break
    if (kind === 'source' || (await isStatic(join(cwd, path)))) found.push(`./${path}`)
  }
  return found
}

const filesOf = async (folder: string, which = 'files'): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => (which === 'files' ? entry.isFile() : entry.isDirectory()))
    .map(({ name }) => name)
    .sort()
}

const isStatic = async (path: string): Promise<boolean> => {
  const file = await inspectFile(path).catch(() => null)
  if (file?.kind !== 'elf') return false
  const { type, linkage, system } = file.elf
  return type === 'executable' && linkage !== 'dynamic' && system === 'Linux'
}
