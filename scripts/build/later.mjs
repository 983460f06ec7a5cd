// What the entry loads later is bundled apart from it, and found beside it.
import { basename, dirname, resolve } from 'node:path'

/** A plugin for the entry's bundle, and the modules that it met in an `import()`, by the names of their files. */
export const laterEntries = () => {
  const entries = {}
  const plugin = {
    name: 'later',
    setup: ({ onResolve }) => {
      onResolve({ filter: /^\./ }, ({ path, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined
        const module = resolve(resolveDir, path)
        const name = nameOf(module)
        if ((entries[name] ??= module) !== module)
          return { errors: [{ text: `${module} and ${entries[name]} would both be ${name}.js.` }] }
        return { path: `./${name}.js`, external: true }
      })
    },
  }
  return { entries, plugin }
}

const nameOf = module => {
  const name = basename(module).replace(/\.tsx?$/, '')
  return name === 'index' ? basename(dirname(module)) : name
}
