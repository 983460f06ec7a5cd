import { expect, test } from 'vitest'
import { foldLine, foldText } from '../../src/show/fold-text.ts'

test('words are broken where the window ends, under the text of the first line', () => {
  expect(foldText('  Size    one two three four five\nshort', 28)).toBe(
    ['  Size    one two three four', '          five', 'short'].join('\n'),
  )
  expect(foldLine('Nothing has been done, and nothing is left behind.', 30)).toEqual([
    'Nothing has been done, and',
    'nothing is left behind.',
  ])
})

test('a command stays whole, on a line of its own', () => {
  expect(foldLine('    npx create-base-image --yes --libc musl', 20)).toHaveLength(1)
  expect(foldLine('  -> Into an image, here: docker import - my-bookworm-image', 30)).toEqual([
    '  -> Into an image, here:',
    '     docker import - my-bookworm-image',
  ])
})

test('what fits stays as it is', () => {
  expect(foldLine('  -> See: docker ps', 30)).toEqual(['  -> See: docker ps'])
})

test('a comment beside a command comes first where both have no room, and stays a comment when it is broken', () => {
  const line = '    docker run --rm --interactive --tty my-trixie  # a shell; exit leaves'
  expect(foldLine(line, 80)).toEqual([line])
  expect(foldLine(line, 30)).toEqual([
    '    # a shell; exit leaves',
    '    docker run --rm --interactive --tty my-trixie',
  ])
  expect(foldLine('    # much smaller: its C library is made for static programs', 40)).toEqual([
    '    # much smaller: its C library is',
    '    # made for static programs',
  ])
})
