import { expect, test } from 'vitest'
import type { PackageSet } from '../../../src/bootstrap/types.ts'
import { debNews } from '../../../src/run/crafts/deb-news.ts'
import { scriptReader } from '../../../src/run/progress/script.ts'

/** News of ten packages of 100 bytes, some of them extras, and how far a reader of them is. */
const watch = (isPlain: boolean, extras = 0) => {
  const reader = scriptReader()
  let [fraction, text] = [0, '']
  const news = debNews(line => {
    for (const reading of reader.read(Buffer.from(`${line}\n`), 'stderr')) {
      if (reading.kind !== 'progress') continue
      const { progress } = reading
      fraction = progress.fraction ?? 0
      text = `${progress.done} of ${progress.total} ${progress.unit}: ${progress.text}`
    }
  }, isPlain)
  const packages = (count: number) => Array.from({ length: count }, () => ({ size: 100 }))
  news.planned({
    required: packages(4),
    base: packages(6 - extras),
    extras: packages(extras),
  } as unknown as PackageSet)
  return { news, at: (): number => Math.round(fraction * 100), text: (): string => text }
}

test('one that is unpacked after it was fetched is half way when all has come', () => {
  const { news, at, text } = watch(true)
  for (let n = 1; n <= 10; n++) news.fetched(n, n * 100)
  expect(at()).toBe(50)
  expect(text()).toBe('0 of 10 packages: unpack the packages')
  news.unpacked(5)
  expect(at()).toBe(74)
  news.unpacked(10)
  expect(at()).toBe(98)
})

test('what is unpacked meanwhile counts at once, and nothing falls', () => {
  const { news, at } = watch(true)
  const seen: number[] = []
  for (let n = 1; n <= 10; n++) {
    news.fetched(n, n * 100)
    seen.push(at())
    news.unpacked(n)
    seen.push(at())
  }
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  // Six have come, and five of them are unpacked.
  expect(seen[10]).toBe(55)
  expect(at()).toBe(98)
})

test('from the cache no byte comes, and it is told how many are unpacked', () => {
  const { news, at, text } = watch(true)
  for (let n = 1; n <= 10; n++) news.fetched(n, 0)
  expect([at(), text()]).toEqual([50, '0 of 10 packages: unpack the packages'])
  news.unpacked(1)
  expect(at()).toBe(55)
})

test('a tree that is to be configured is staged without the extras, which its own apt installs', () => {
  const { news, at } = watch(false, 3)
  for (let n = 1; n <= 10; n++) news.fetched(n, n * 100)
  expect(at()).toBe(23)
  news.unpacked(6)
  expect(at()).toBe(41)
  news.unpacked(7)
  news.line('P: 1 2 steps')
  expect(at()).toBe(68)
})
