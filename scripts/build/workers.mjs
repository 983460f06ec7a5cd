// The entries of worker threads: each src/**/FOLDER/worker.ts becomes dist/worker-FOLDER.js (see src/worker-file.ts).
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Returns esbuild's entry points for the workers below `root`/src, paths from `root`. Throws when two have one name. */
export const workerEntries = async root => {
  const paths = await readdir(join(root, 'src'), { recursive: true })
  const entries = {}
  for (const path of paths.filter(path => basename(path) === 'worker.ts')) {
    const name = `worker-${basename(dirname(path))}`
    if (name in entries) throw new Error(`src/${path} and ${entries[name]} would both be ${name}.`)
    entries[name] = `./${join('src', path)}`
  }
  return entries
}
