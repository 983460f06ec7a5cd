import { expect, test } from 'vitest'
import { jsonLine, printable, printableColours, printableLines } from '../../src/text/printable.ts'

const ESC = '\u001b'

test('within a line nothing steers, forges a line or turns the text around', () => {
  expect(printable(`a${ESC}[2Jb\nc\rd\te`)).toBe(String.raw`a\u001b[2Jb\nc\rd\te`)
  expect(printable('x\u202ey\u2066z\u200f\u2028\u0085\ufeff')).toBe(
    String.raw`x\u202ey\u2066z\u200f\u2028\u0085\ufeff`,
  )
  expect(printable('\ud800')).toBe(String.raw`\ud800`)
})

test('letters of any script, joiners and pictures stay', () => {
  for (const text of ['grüße', 'می\u200cخواهم', '👩\u200d🚀', '\u00a0'])
    expect(printable(text)).toBe(text)
})

test('line ends and tabs stay in a text of lines, colours where views write them', () => {
  expect(printableLines(`a\n\tb\r${ESC}[31m`)).toBe(`a\n\tb\\u000d\\u001b[31m`)
  const painted = `${ESC}[31mred${ESC}[39m ${ESC}[8mhidden ${ESC}[2J`
  expect(printableColours(painted)).toBe(`${ESC}[31mred${ESC}[39m \\u001b[8mhidden \\u001b[2J`)
})

test('JSON is the same value with all that steers escaped', () => {
  const value = { a: `${ESC}\u009b\u202e\u2028\ud800x`, b: ['\u007f'] }
  expect(jsonLine(value)).not.toMatch(/[^\P{C}]/u)
  expect(JSON.parse(jsonLine(value))).toEqual(value)
})
