import { expect, test } from 'vitest'
import {
  countField,
  jsonCutter,
  listField,
  objectField,
  textField,
} from '../../../src/run/progress/json-values.ts'

const cut = (...chunks: readonly string[]): unknown[] => {
  const told: unknown[] = []
  const cutter = jsonCutter({ value: value => told.push(value), text: line => told.push(line) })
  for (const chunk of chunks) cutter.read(new TextEncoder().encode(chunk))
  cutter.end()
  return told
}

test('values come one a line, over many lines, or side by side', () => {
  expect(cut('{"a":1}\r\n{\n  "b": {\n    "c": 2\n  }\n}\n{"d":3}{"e":4}')).toEqual([
    { a: 1 },
    { b: { c: 2 } },
    { d: 3 },
    { e: 4 },
  ])
})

test('braces, quotes and backslashes in text do not end a value, wherever the chunks are cut', () => {
  const text = String.raw`{"a":"}{\"\\","b":"\u003e\n"}` + '\n'
  const wanted = [{ a: '}{"\\', b: '>\n' }]
  expect(cut(text)).toEqual(wanted)
  expect(cut(...text)).toEqual(wanted)
})

test('text between and after the values is told line by line, with its indentation', () => {
  const text = '{"a":1}\nDockerfile:2\n   1 |     FROM x\n\nERROR: {broken\n'
  const wanted = [{ a: 1 }, 'Dockerfile:2', '   1 |     FROM x', 'ERROR: {broken']
  expect(cut(text)).toEqual(wanted)
  expect(cut(...text)).toEqual(wanted)
})

test('a broken value becomes text and the stream goes on', () => {
  expect(cut('{"a":\nERROR: no\n{"b":2}\n')).toEqual(['{"a":', 'ERROR: no', { b: 2 }])
  expect(cut('{"a":"open\n{"b":2}\n')).toEqual(['{"a":"open', { b: 2 }])
  expect(cut('{a}\n{"b":2}\n')).toEqual(['{a}', { b: 2 }])
  expect(cut('{"a":')).toEqual(['{"a":'])
})

test('fields are given only when they have the kind asked for', () => {
  const fields = { text: 'x', count: 3, low: -1, big: 1e300, list: [{ a: 1 }, 2], object: { b: 1 } }
  expect(textField(fields, 'text')).toBe('x')
  expect(textField(fields, 'count')).toBeNull()
  expect(countField(fields, 'count')).toBe(3)
  expect(countField(fields, 'low')).toBeNull()
  expect(countField(fields, 'big')).toBeNull()
  expect(listField(fields, 'list')).toEqual([{ a: 1 }])
  expect(listField(fields, 'object')).toEqual([])
  expect(objectField(fields, 'object')).toEqual({ b: 1 })
  expect(objectField(fields, 'list')).toEqual({})
})

test('a character that is cut in two is put together', () => {
  const told: unknown[] = []
  const cutter = jsonCutter({ value: value => told.push(value), text: line => told.push(line) })
  for (const byte of new TextEncoder().encode('{"a":"žluť 🐳"}\nňu'))
    cutter.read(Uint8Array.of(byte))
  cutter.end()
  expect(told).toEqual([{ a: 'žluť 🐳' }, 'ňu'])
})

test('a value that never ends is told as text before it fills the memory', () => {
  const told: unknown[] = []
  const cutter = jsonCutter({ value: value => told.push(value), text: line => told.push(line) })
  const piece = new TextEncoder().encode('x'.repeat(1_000_000))
  cutter.read(new TextEncoder().encode('{"a":"'))
  for (let at = 0; at < 8; at += 1) cutter.read(piece)
  expect(told).toHaveLength(1)
  cutter.read(new TextEncoder().encode('\n{"b":1}\n'))
  cutter.end()
  expect(told.at(-1)).toEqual({ b: 1 })
})

test('of a line that overwrites itself the last version is told', () => {
  expect(cut('10%\r50%\r\n{"a":1}\n')).toEqual(['50%', { a: 1 }])
  expect(cut('  {"a":1}\n\n \n{"b":2}')).toEqual([{ a: 1 }, { b: 2 }])
})
