import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { distributionNamed } from '../../src/catalog/distributions.ts'
import { releases as catalogue } from '../../src/catalog/releases.ts'
import { releases } from '../../src/commands/index.ts'
import type { Io } from '../../src/terminal/io.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T12:00:00Z'), toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Runs the command; gives its exit code and what it wrote to stdout. */
const run = async (...argv: string[]): Promise<[number, string]> => {
  let text = ''
  const out = { write: (more: string) => void (text += more) }
  const code = await releases(argv, { out } as unknown as Io)
  return [code, text]
}

test('the table has supported releases first, the rest below a heading, and how to use one', async () => {
  const [code, text] = await run()
  const lines = text.split('\n')
  expect(code).toBe(0)
  expect(lines.slice(0, 8)).toEqual([
    'Ubuntu              26.04 LTS  resolute     supported until May 2031',
    'Ubuntu              24.04 LTS  noble        supported until May 2029',
    'Ubuntu              22.04 LTS  jammy        supported until June 2027',
    'Ubuntu              26.10      stonking     supported until July 2027',
    'Debian              13         trixie       supported until August 2028',
    'Debian              12         bookworm     long-term support until June 2028',
    'Debian              14         forky        in development',
    'Debian                         sid          in development',
  ])
  expect(lines).toContain('Fedora              44                      supported until June 2027')
  expect(lines).toContain('Arch Linux                     arch         rolling')
  const heading = lines.indexOf('No free updates any more:')
  expect(lines.slice(heading - 1, heading + 2)).toEqual([
    '',
    'No free updates any more:',
    'Ubuntu              25.10      questing     support ended July 2026',
  ])
  expect(lines.slice(-4)).toEqual([
    '',
    'Make one, by code name, or by distribution and version (fedora:44):',
    '  create-base-image --kind full --release resolute',
    '',
  ])
})

test('named distributions alone are listed, with one of theirs to make', async () => {
  const [code, text] = await run('Devuan', 'kali')
  expect(code).toBe(0)
  expect(text.split('\n')).toEqual([
    'Devuan              6          excalibur    supported until June 2030',
    'Devuan              5          daedalus     supported until June 2028',
    'Kali Linux                     kali-rolling rolling',
    '',
    'No free updates any more:',
    'Devuan              4          chimaera     support ended August 2026',
    'Devuan              3          beowulf      support ended June 2024',
    '',
    'Make one, by code name, or by distribution and version (fedora:44):',
    '  create-base-image --kind full --release excalibur',
    '',
  ])
  const [, json] = await run('fedora', '--json')
  const document = JSON.parse(json) as { releases: { distro: string }[]; sources: unknown[] }
  expect(new Set(document.releases.map(({ distro }) => distro))).toEqual(new Set(['fedora']))
  expect(document.sources).toHaveLength(1)
})

test('a name that is no distribution is refused with the nearest', async () => {
  await expect(run('fedroa')).rejects.toMatchObject({
    message: 'There is no distribution "fedroa".',
    todo: ['Did you mean fedora?'],
  })
})

test('no line is wider than 80 columns, and each release has one', async () => {
  const [, text] = await run()
  const lines = text.split('\n')
  expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(80)
  for (const { codename, version, distro } of catalogue().filter(
    one => one.codename !== one.version,
  )) {
    const { title } = distributionNamed(distro)
    const start = `${title.padEnd(20)}${version ?? ''}`
    const fitting = lines.filter(
      line => line.startsWith(start) && line.slice(31).startsWith(`${codename} `),
    )
    expect(fitting, codename).toHaveLength(1)
  }
})

test('--json is one document with all that is known today', async () => {
  const [code, text] = await run('--json')
  const told = JSON.parse(text)
  expect([code, text.indexOf('\n')]).toEqual([0, text.length - 1])
  expect(told).toMatchObject({ version: 1, today: '2026-11-23' })
  expect(told.sources[0]).toMatchObject({ distro: 'ubuntu', day: '2026-04-25' })
  expect(told.releases).toHaveLength(catalogue().length)
  expect(told.releases[0]).toEqual({
    ...catalogue().find(({ codename }) => codename === 'resolute'),
    support: { state: 'supported', until: '2031-05-29', words: 'supported until May 2031' },
    standard: true,
    word: 'resolute',
    builder: 'ubuntu:26.04',
  })
  const standards = told.releases.filter(({ standard }: { standard: boolean }) => standard)
  expect(standards.map(({ codename }: { codename: string }) => codename).slice(0, 2)).toEqual([
    'resolute',
    'trixie',
  ])
})

test('it waits for a slow reader', async () => {
  let read = (): void => undefined
  const out = { write: () => new Promise<void>(resolve => (read = resolve)) }
  let ended = false
  const running = releases([], { out } as unknown as Io).then(() => (ended = true))
  await Promise.resolve()
  expect(ended).toBe(false)
  read()
  await running
})

test.each([[['--jsn']], [['noble']]])('%j is wrong usage', async argv => {
  await expect(run(...argv)).rejects.toMatchObject({ exitCode: 2 })
})
