// Which tests can reach a source: those that import it, by however many steps, and run without an engine.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { importsOf, watched } from './mutants.mjs'

/** The files below a folder of the project whose names fit, as paths from the project's folder with slashes. */
export const filesBelow = (root, folder, fits) =>
  readdirSync(join(root, folder), { recursive: true })
    .map(name => posix.join(folder, name.replaceAll('\\', '/')))
    .filter(name => fits.test(name))
    .toSorted()

/** For each test that needs no engine, the files that it can reach. */
export const reachOfTests = root => {
  const known = new Map()
  const tests = filesBelow(root, 'test', /\.test\.tsx?$/).filter(
    name => !/^test\/(?:engine|faults)\//.test(name),
  )
  return new Map(tests.map(test => [test, reachOf(root, test, known)]))
}

/**
 * The files whose functions can use what lies outside the functions of a file: itself and those that import it, where a
 * file without functions hands on what it imports. Tests among them import it themselves.
 */
export const usersOf = (root, file, importers) => {
  const users = new Set([file])
  for (const one of users)
    if (one === file || !hasFunctions(root, one))
      for (const next of importers.get(one) ?? []) users.add(next)
  return users
}

const hasFunctions = (root, file) =>
  file.startsWith('test/') || watched(file, readFileSync(join(root, file), 'utf8')).includes('#0"')

/** For each file that tests reach, the files that import it. */
export const importersIn = (root, reach) => {
  const known = new Map()
  const all = new Set([...reach.values()].flatMap(reached => [...reached]))
  const importers = new Map()
  for (const file of all)
    for (const one of importsIn(root, file, known))
      importers.set(one, [...(importers.get(one) ?? []), file])
  return importers
}

const reachOf = (root, first, known) => {
  const reached = new Set([first])
  for (const file of reached) for (const next of importsIn(root, file, known)) reached.add(next)
  return reached
}

const importsIn = (root, file, known) => {
  if (!known.has(file)) {
    const source = readFileSync(join(root, file), 'utf8')
    const paths = importsOf(file, source).map(path => posix.join(posix.dirname(file), path))
    known.set(
      file,
      paths.filter(path => /\.tsx?$/.test(path) && existsSync(join(root, path))),
    )
  }
  return known.get(file)
}
