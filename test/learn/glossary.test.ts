import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findTerm, listText, nearTerms, readGlossary, termText } from '../../src/learn/glossary.ts'
import { main } from '../../src/cli.ts'
import { listeningIo } from './io.ts'

const terms = readGlossary()

test('docs/glossary.md says what the glossary says', () => {
  const script = fileURLToPath(new URL('../../scripts/glossary.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('every word stands for one term, and every "see also" is a term', () => {
  const names = terms.flatMap(({ term, also }) => [term, ...also]).map(name => name.toLowerCase())
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  const known = terms.map(({ term }) => term)
  expect(terms.flatMap(({ see }) => see).filter(name => !known.includes(name))).toEqual([])
})

test.each([
  ['base image', 'base image'],
  ['Base-Images', 'base image'],
  ['rootfs', 'root filesystem'],
  ['FROM', 'parent image'],
  ['ld-linux', 'loader'],
])('%s is %s', (word, term) => {
  expect(findTerm(word, terms)?.term).toBe(term)
})

test.each([
  ['debootstrp', 'debootstrap'],
  ['laier', 'layer'],
  ['printf', 'C library'],
  ['entropy', undefined],
])('%s is near %s', (word, term) => {
  expect(findTerm(word, terms)).toBeNull()
  expect(nearTerms(word, terms)[0]?.term).toBe(term)
})

test.each([40, 80])('no line is wider than %i columns', width => {
  const lines = [...terms.map(term => termText(term, width)), listText(terms, width)]
    .join('')
    .split('\n')
    .slice(0, -1)
  // The first line of a term names all its words.
  const wide = lines.filter(line => line.startsWith(' ') && line.length > width)
  expect(wide.filter(line => line.trim().includes(' '))).toEqual([])
})

test('explain prints a term, and takes several words as one', async () => {
  const io = listeningIo()
  expect(await main(['explain', 'parent', 'image'], io)).toBe(0)
  expect(io.said()).toContain('FROM debian:bookworm-slim makes debian:bookworm-slim the parent.')
})

test('explain names the nearest term on a miss, with exit code 2', async () => {
  const io = listeningIo()
  expect(await main(['explain', 'debootstrp'], io)).toBe(2)
  expect(io.complained()).toMatch(/"debootstrp" is not in the glossary[^]*Perhaps debootstrap: /)
  expect(io.complained()).toContain('explain --list')
})

test('explain --list has every term', async () => {
  const io = listeningIo()
  expect(await main(['explain', '--list'], io)).toBe(0)
  for (const { term } of terms) expect(io.said().split('\n')).toContain(term)
})
