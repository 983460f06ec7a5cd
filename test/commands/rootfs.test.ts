import { expect, test } from 'vitest'
import { main } from '../../src/cli.ts'
import type { Io } from '../../src/terminal/io.ts'

/** Runs the command where there is no engine; gives its exit code and what it wrote to stderr. */
const run = async (...argv: string[]): Promise<[number, string]> => {
  let text = ''
  const out = { write: () => undefined }
  const err = { write: (more: string) => void (text += more) }
  const io = { out, err, env: { PATH: '/nowhere' }, cwd: '/' } as unknown as Io
  return [await main(['rootfs', ...argv], io), text]
}

test.each([
  [['debian:bokworm'], 'There is no release debian:bokworm of Debian or Ubuntu.'],
  [['alpine'], 'There is no release alpine of Debian or Ubuntu.'],
  [['bookworm', '--updates', '--no-updates'], '--updates and --no-updates exclude each other.'],
  [['bookworm', '--includ', 'curl'], 'Did you mean --include?'],
  [[], 'Usage: create-base-image rootfs'],
])('%j is wrong usage', async (argv, words) => {
  const [code, text] = await run(...argv)
  expect(text).toContain(words)
  expect(code).toBe(2)
})

test('a name that resembles one is offered', async () => {
  expect((await run('debian:bokworm'))[1]).toContain('Did you mean bookworm')
})

test('without an engine it says that one is needed', async () => {
  const [code, text] = await run('bookworm')
  expect(text).toContain('for which an engine is needed')
  expect(code).toBe(3)
})
