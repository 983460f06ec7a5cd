import { expect, test } from 'vitest'
import { nextLines } from '../../src/show/next-words.ts'

test('each command says beside it what it does, or above it where a line of 80 columns has no room', () => {
  const smaller = 'npx create-base-image --yes --tag smaller --compile-in host --libc musl'
  expect(nextLines(['docker run --rm hello', 'sh hello/build.sh', smaller])).toEqual([
    'docker run --rm hello  # runs it once more',
    'sh hello/build.sh      # again, without this tool',
    '# much smaller: its C library is made for static programs',
    smaller,
  ])
})

test.each([
  ['docker run --rm --interactive --tty my-noble', 'a shell; exit leaves'],
  ['podman run --rm --init server', 'starts it; Ctrl-C ends it'],
  ['docker run --rm --platform linux/riscv64 hello', 'runs it, on an engine for that platform'],
  ['docker load --input hello.tar', 'loads it into an engine'],
  ['npx create-base-image inspect hello.tar', 'what is in it, by layers'],
  ['npx create-base-image inspect hello/hello', 'what it needs to start'],
  ['npx create-base-image tour', 'why a dynamic program fails'],
  ['powershell -File hello\\build.ps1', 'again, without this tool'],
])('%s: %s', (command, comment) => {
  expect(nextLines([command]).join(' ')).toContain(`# ${comment}`)
})

test('a command that nothing is known of stands alone', () => {
  expect(nextLines(['something else'])).toEqual(['something else'])
  expect(nextLines([])).toEqual([])
})
