import { expect, test } from 'vitest'
import { parseStanza, placesOf, splitStanzas } from '../../../src/bootstrap/deb/deb822.ts'

test('fields by lower-case names, folded lines kept, comments dropped, the first of two counts', () => {
  const text =
    'Package: bash\nDescription: a shell\n for people\n .\n and scripts\n# no\nSIZE:7\nSize: 8'
  expect([...parseStanza(text, 'The text')]).toEqual([
    ['package', 'bash'],
    ['description', 'a shell\n for people\n .\n and scripts'],
    ['size', '7'],
  ])
})

test.each([
  ' begins folded',
  'no colon here',
  ': no name',
  'sp ace: x',
  '<html>: page'.slice(0, 6),
])('%j is refused', text =>
  expect(() => parseStanza(text, 'The text')).toThrow('The text is not in the form'),
)

test('a stanza without end is refused before it is read', () => {
  expect(() => parseStanza('A: b\n'.repeat(1_000_000), 'It')).toThrow('longer than 4 MB')
})

test('stanzas are parted by empty lines, also by lines of spaces and of CR LF', () => {
  expect(splitStanzas('\n\nA: 1\nB: 2\n\n \nC: 3\r\n\r\nD: 4\n')).toEqual([
    'A: 1\nB: 2',
    'C: 3',
    'D: 4',
  ])
})

test('places in bytes: without the empty lines, and which stanza a byte is in', () => {
  const bytes = Buffer.from('\n\nA: 1\nB: 2\n\n\nC: 3\n')
  const places = placesOf(bytes, 'It')
  const texts = Array.from({ length: places.count }, (_, n) =>
    bytes.toString('utf8', places.start(n), places.end(n)),
  )
  expect(texts).toEqual(['A: 1\nB: 2', 'C: 3'])
  expect(places.at(bytes.indexOf('B: 2'))).toBe(0)
  expect(places.at(bytes.indexOf('C'))).toBe(1)
  expect(places.at(0)).toBe(-1)
})

test('no bytes, no stanzas', () => {
  expect(placesOf(Buffer.alloc(0), 'It').count).toBe(0)
  expect(placesOf(Buffer.from('\n\n\n'), 'It').count).toBe(0)
})
