import { expect, test } from 'vitest'
import { parseSize } from '../../src/text/parse-size.ts'

test('sizes as engines print them become bytes', () => {
  expect(parseSize('109B')).toBe(109)
  expect(parseSize('5.12kB')).toBe(5120)
  expect(parseSize('30.01MB')).toBe(30_010_000)
  expect(parseSize('1.5GB')).toBe(1_500_000_000)
  expect(parseSize('1KiB')).toBe(1024)
})

test('other text is no size', () => {
  expect(parseSize('')).toBeNull()
  expect(parseSize('12')).toBeNull()
  expect(parseSize('MB')).toBeNull()
  expect(parseSize('1.2.3MB')).toBeNull()
})
