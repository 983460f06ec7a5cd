import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linux, useApp } from './app.ts'

const app = useApp()
const DIST = join(import.meta.dirname, '../../dist')

linux('the first question does not wait for the catalogue of distributions', async () => {
  const notes = join(app.folder(), '../notes')
  const terminal = app.open([], {
    env: {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, 'fixtures/what-comes-first.cjs')}`,
      WHAT_COMES_FIRST: notes,
    },
  })
  await terminal.waitFor(/What kind of base image/)
  terminal.kill()
  await terminal.exit()
  expect(readFileSync(notes, 'utf8')).toMatch(/^question\n/)
})

/** The files that Node reads with one of dist, itself included. */
const readWith = (name: string, found = new Set<string>()): Set<string> => {
  if (found.has(name)) return found
  found.add(name)
  for (const [, next = ''] of readFileSync(join(DIST, name), 'utf8').matchAll(
    /(?:from|import)\s*["']\.\/([^"']+)["']/g,
  ))
    readWith(next, found)
  return found
}

test('until the first question three files are read, because each costs about a millisecond', () => {
  const names = readdirSync(DIST).filter(name => /^(?:cli|create|by-questions)\b/.test(name))
  expect(names).toHaveLength(3)
  const read = new Set(names.flatMap(name => [...readWith(name)]))
  expect([...read].toSorted()).toEqual(names.toSorted())
})
