// Puts the bundler's many small files together by who needs them at the same time: each file that Node reads costs
// about a millisecond, and the first question would read twenty-five.
import { basename, join } from 'node:path'
import { rollup } from 'rollup'
import { REQUIRE } from './options.mjs'

/**
 * Writes the modules that esbuild made into `outdir`, fewer files of the same content. `outputs` are those of esbuild's
 * metafile, `parts` the folder that they lie in.
 */
export const merge = async (outputs, parts, outdir) => {
  const files = Object.entries(outputs).map(([path, output]) => [basename(path), output])
  const graph = new Map(files)
  const entries = files.filter(([, { entryPoint }]) => entryPoint !== undefined)
  const bundle = await rollup({
    input: entries.map(([name]) => join(parts, name)),
    external: id => !graph.has(basename(id)),
    // What the entry and others need is in the entry, which then exports more than it says.
    preserveEntrySignatures: 'allow-extension',
    // Only files that use the bundler's helpers load them.
    treeshake: { moduleSideEffects: id => !isHelpers(basename(id), graph) },
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message)
    },
  })
  await bundle.write({
    dir: outdir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
    minifyInternalExports: true,
    // A hundred files of a few lines cost the package six kilobytes.
    experimentalMinChunkSize: 26000,
    manualChunks: groupOf(graph),
    plugins: [required],
  })
  await bundle.close()
}

/** Only files with a module that asks for `require` make one. */
const required = {
  name: 'required',
  renderChunk: code =>
    code.includes('typeof require') ? { code: REQUIRE + code, map: null } : null,
}

/**
 * What the entry needs, what the journey begins with, what the wizard adds to it, and what a run and the commands need:
 * nobody reads more than before. The way by questions lies with the wizard, which only it needs.
 */
const groupOf = graph => {
  const [first, journey, run, wizard, commands] = [
    'cli',
    'create',
    'by-flags',
    'by-questions',
    'commands',
  ].map(name => neededBy(fileOf(name, graph), graph))
  const isShared = name => run.has(name) || commands.has(name)
  const byQuestions = fileOf('by-questions', graph)
  return path => {
    const name = basename(path)
    if (first.has(name) && !isHelpers(name, graph)) return 'cli'
    if (journey.has(name)) return 'journey'
    const isEntry = graph.get(name)?.entryPoint !== undefined
    if (isEntry && name !== byQuestions) return undefined
    if (wizard.has(name)) return isShared(name) ? 'journey' : 'wizard'
    return run.has(name) && commands.has(name) ? 'run' : undefined
  }
}

/** Whether a file has nothing but what the bundler itself brings: `__require` and the like. */
const isHelpers = (name, graph) => Object.keys(graph.get(name)?.inputs ?? {}).length === 0

/** The file of an entry, whose name may end in a hash. Throws Error when there is none. */
const fileOf = (entry, graph) => {
  const found = [...graph.keys()].find(
    name => name.startsWith(`${entry}-`) || name === `${entry}.js`,
  )
  if (found === undefined) throw new Error(`No ${entry} was bundled.`)
  return found
}

/** The files that are loaded with one, itself included. */
const neededBy = (file, graph, found = new Set()) => {
  if (found.has(file)) return found
  found.add(file)
  for (const { path, kind } of graph.get(file)?.imports ?? [])
    if (kind === 'import-statement' && graph.has(basename(path)))
      neededBy(basename(path), graph, found)
  return found
}
