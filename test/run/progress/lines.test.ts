import { expect, test } from 'vitest'
import { cleanText, linesReader } from '../../../src/run/progress/lines.ts'
import { byteByByte, err, out, replay } from './replay.ts'
import { readTranscript } from '../../fixtures/transcript.ts'

const linesOf = (...pieces: Parameters<typeof replay>[1]) => replay(linesReader(), pieces).lines

test('lines are put together across chunks, each stream on its own', () => {
  expect(linesOf(out('one\ntw'), err('err'), out('o\n'), err('or\n'))).toEqual([
    'one',
    'two',
    'error',
  ])
})

test('blank lines stay and a last line without a line end is not lost', () => {
  expect(linesOf(out('a\n\nb'))).toEqual(['a', '', 'b'])
  expect(linesOf(out('a\n'))).toEqual(['a'])
  expect(linesOf()).toEqual([])
})

test('a character cut between chunks stays whole, and a broken one becomes a replacement character', () => {
  expect(linesOf(...byteByByte([out('žluťoučký 🐳\n')]))).toEqual(['žluťoučký 🐳'])
  expect(linesOf({ source: 'stdout', bytes: Uint8Array.of(0x61, 0xff, 0x0a, 0xc5) })).toEqual([
    'a\uFFFD',
    '\uFFFD',
  ])
})

test('a carriage return lets the next text overwrite the line', () => {
  expect(linesOf(out('10%\r50%\r100%\nnext\n'))).toEqual(['100%', 'next'])
  expect(linesOf(out('Sending 5kB\r\r\n'))).toEqual(['Sending 5kB'])
  expect(linesOf(out('wiped\r\u001b[K\n'))).toEqual(['wiped'])
  expect(linesOf(out('half\rwhole'))).toEqual(['whole'])
})

test('CRLF is one line end even when it is cut in two', () => {
  expect(linesOf(out('a\r\nb\r'), out('\nc\r\n'))).toEqual(['a', 'b', 'c'])
})

test('escape sequences and control characters are taken out, tabs stay', () => {
  expect(cleanText('\u001b[91mred\u001b[0m')).toBe('red')
  expect(cleanText('\u001b]0;title\u0007text\u001b]8;;http://x\u001b\\link')).toBe('textlink')
  expect(cleanText('\u009b1mbold\u001bPdevice\u001b\\ \u001b(Bplain')).toBe('bold plain')
  expect(cleanText('a\tb\bc\u0000\u007f')).toBe('a\tbc')
  expect(cleanText('cut off \u001b[3')).toBe('cut off ')
  expect(cleanText('open \u001b]0;no end')).toBe('open 0;no end')
})

test('a line over 10,000 characters is cut with a note, wherever the chunks are cut', () => {
  const long = [out(`${'x'.repeat(12_345)}\nshort\n`)]
  const expected = [`${'x'.repeat(10_000)} … (2345 more characters)`, 'short']
  expect(linesOf(...long)).toEqual(expected)
  expect(linesOf(...byteByByte(long))).toEqual(expected)
})

test('a long line is not cut within a character', () => {
  expect(linesOf(out(`${'x'.repeat(9_999)}🐳🐳\n`))).toEqual([
    `${'x'.repeat(9_999)} … (4 more characters)`,
  ])
})

test('stderr that a classic build wraps in colours reads as plain text', () => {
  const { lines } = replay(linesReader(), readTranscript('build-fail-legacy-cli20.10').chunks)
  expect(lines.slice(-3)).toEqual([
    'one',
    'two',
    "The command '/bin/sh -c echo one; sleep 1; echo two >&2; exit 3' returned a non-zero code: 3",
  ])
})

test('a hundred thousand lines come out complete and in order', () => {
  const wanted = Array.from({ length: 100_000 }, (_, index) => `line ${index}`)
  expect(linesOf(out(`${wanted.join('\n')}\n`))).toEqual(wanted)
})
