// Vitest's global setup: many tests run what dist holds, so it is built again when anything that it is made of is newer.
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What dist is made of. The lockfile stands for the libraries. */
const SOURCES = ['src', 'assets', 'scripts/build', 'scripts/build.mjs', 'package-lock.json']

export const setup = () => {
  if (isOld(ROOT)) execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT })
}

/** True when dist is missing, or older than anything that it is made of. */
export const isOld = root => {
  const built = statSync(join(root, 'dist/cli.js'), { throwIfNoEntry: false })
  return built === undefined || SOURCES.some(path => newest(join(root, path)) > built.mtimeMs)
}

/** The latest change below a path, in milliseconds. A folder's own time says what was removed from it. */
const newest = path => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 0
  if (!found.isDirectory()) return found.mtimeMs
  return Math.max(found.mtimeMs, ...readdirSync(path).map(name => newest(join(path, name))))
}
