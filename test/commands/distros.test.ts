import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { paragraph } from '../../src/ask/prompt/parts.ts'
import { distributions } from '../../src/catalog/distributions.ts'
import { distros } from '../../src/commands/index.ts'
import type { Io } from '../../src/terminal/io.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-28T12:00:00Z'), toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
  Object.defineProperty(process.stdout, 'columns', { value: columns, configurable: true })
})

const { columns } = process.stdout

/** Runs the command in a window of that width; gives its exit code and what it wrote to stdout. */
const run = async (width: number, ...argv: string[]): Promise<[number, string]> => {
  Object.defineProperty(process.stdout, 'columns', { value: width, configurable: true })
  let text = ''
  const out = { write: (more: string) => void (text += more) }
  return [await distros(argv, { out, cwd: '/' } as unknown as Io), text]
}

test('the table has a row for each distribution, and no size that nobody measured', async () => {
  const [code, text] = await run(80)
  expect(code).toBe(0)
  const lines = text.split('\n')
  expect(lines.slice(0, 5)).toEqual([
    '                        size  C library  free updates  official image',
    'Ubuntu                     -  glibc      5 years       ubuntu',
    'Debian                116 MB  glibc      5 years       debian',
    'Alpine                7.8 MB  musl       2 years       alpine',
    'Fedora                     -  glibc      1 year        fedora',
  ])
  expect(lines).toContain('Arch Linux                 -  glibc      rolling       archlinux')
  expect(lines).toContain('BusyBox               2.0 MB  static     none          busybox')
  for (const { title } of distributions())
    expect(lines.filter(line => line.startsWith(`${title}  `))).toHaveLength(1)
})

test.each([
  [80, 23],
  [40, 40],
])('in %i columns no line is longer, and there are at most %i', async (width, most) => {
  const lines = (await run(width))[1].trimEnd().split('\n')
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width)
  expect(lines.length).toBeLessThanOrEqual(most)
})

test('one distribution is told of in full: who takes it, and when the official image is better', async () => {
  const [code, text] = await run(80, 'debian')
  expect(code).toBe(0)
  expect(text).toContain('Take the official debian')
  expect(text).toContain('Size       116 MB, with --slim 74.0 MB\n')
  expect(text).toContain('Release    trixie, supported until August 2028\n')
  expect(text).toContain('create-base-image --kind full --distro debian\n')
})

test('every distribution that ships says its C library, and when its official image is better', async () => {
  const [, text] = await run(80, '--json')
  const { distributions: all } = JSON.parse(text) as {
    distributions: { name: string; libc: unknown; officialWhen: unknown; updates: unknown }[]
  }
  expect(all).toHaveLength(distributions().length)
  for (const { name, libc, officialWhen, updates } of all) {
    expect(libc, name).toMatch(/^(?:glibc|musl|static)$/)
    expect(officialWhen, name).toMatch(/\.$/)
    expect(updates, name).toMatch(/^(?:\d+ years?|rolling|none)$/)
  }
})

test('in a window of 80 by 24 what is said of one leaves the table whole', () => {
  for (const { name, says, officialWhen } of distributions()) {
    const lines = paragraph(`${says} ${officialWhen}`, text => text, 76)
    expect(lines.length, name).toBeLessThanOrEqual(3)
  }
})

test('an unknown name is refused with the nearest', async () => {
  await expect(run(80, 'debain')).rejects.toMatchObject({
    todo: expect.arrayContaining(['Did you mean debian?']) as unknown,
  })
})
