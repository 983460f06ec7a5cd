import { expect, test } from 'vitest'
import { aptReader } from '../../../src/run/progress/apt.ts'
import { readTranscript } from '../../fixtures/transcript.ts'
import { err, out, replay } from './replay.ts'

const update = readTranscript('apt-status-fd-update-focal').chunks
const install = readTranscript('apt-status-fd-install-focal').chunks

test('an update alone ends complete, and its status lines are not logged', () => {
  const { lines, last } = replay(aptReader(), update)
  expect(last).toEqual({ fraction: 1 })
  expect(lines[0]).toBe('Get:1 http://mirror.example/ubuntu focal-security InRelease [128 kB]')
  expect(lines.slice(-2)).toEqual(['Fetched 36.6 MB in 8s (4441 kB/s)', 'Reading package lists...'])
  expect(lines.join('\n')).not.toContain('dlstatus')
})

test('an installation alone counts packages and names what happens', () => {
  const { lines, progress, last } = replay(aptReader(), install)
  expect(last).toEqual({ fraction: 1, done: 2, total: 2, unit: 'packages' })
  expect(progress.map(each => each.text)).toContain('Unpacking patch')
  expect(progress[0]).toEqual({
    fraction: 0,
    done: 0,
    total: 2,
    unit: 'packages',
    text: 'Retrieving file 1 of 2',
  })
  expect(lines).toContain('(Reading database ... 6240 files and directories currently installed.)')
  expect(lines.at(-1)).toBe('Setting up patch (2.7.6-6) ...')
})

test('update and installation share one bar: a small part, then downloads, then the packages', () => {
  const { progress, last } = replay(aptReader(), [...update, ...install])
  const firstOf = (text: string) => progress.find(each => each.text === text)?.fraction
  expect(firstOf('Retrieving file 39 of 39')).toBe(0.1492)
  expect(firstOf('Retrieving file 1 of 2')).toBe(0.15)
  expect(firstOf('Retrieving file 2 of 2')).toBe(0.4135)
  expect(firstOf('Running dpkg')).toBe(0.6)
  expect(firstOf('Installed patch')).toBe(0.9555)
  expect(last?.fraction).toBe(1)
})

test('a second run is seen without any text on stderr', () => {
  const { progress } = replay(aptReader(), [
    out('dlstatus:3:100.0000:Retrieving file 3 of 3\n'),
    out('dlstatus:1:50.0000:Retrieving file 1 of 4\n'),
  ])
  expect(progress).toEqual([
    { fraction: 0.15, text: 'Retrieving file 3 of 3' },
    { fraction: 0.375, done: 0, total: 4, unit: 'packages', text: 'Retrieving file 1 of 4' },
    { fraction: 1, done: 0, total: 4, unit: 'packages' },
  ])
})

test('a failed run is not complete and keeps every error', () => {
  const { lines, last } = replay(aptReader(), [
    out('pmstatus:dpkg-exec:0.0000:Running dpkg\n'),
    out('pmerror:/var/cache/make.deb:10.0:trying to overwrite a file\n'),
    err('E: Sub-process /usr/bin/dpkg returned an error code (1)\n'),
  ])
  expect(lines).toEqual([
    '/var/cache/make.deb: trying to overwrite a file',
    'E: Sub-process /usr/bin/dpkg returned an error code (1)',
  ])
  expect(last?.fraction).toBe(0.6)
})

test('a package with an architecture in its name is read', () => {
  const { last } = replay(aptReader(), [
    out('pmstatus:libc6:amd64:50.0000:Configuring libc6 (amd64)\n'),
    err('E: x\n'),
  ])
  expect(last).toEqual({ fraction: 0.8, text: 'Configuring libc6' })
})

test.each(['apt-dpkg-progress-focal', 'apt-fancy-progress-focal', 'apt-get-focal-in-container'])(
  '%s has no status lines: log lines only',
  name => {
    const { lines, last } = replay(aptReader(), readTranscript(name).chunks)
    expect(lines).toContain('Building dependency tree...')
    expect(last).toBeNull()
  },
)

const said = (...lines: string[]) =>
  replay(
    aptReader(),
    lines.map(line => (/^[a-z-]+:/.test(line) ? out(`${line}\n`) : err(`${line}\n`))),
  )

test('packages are those that are new and those that are newer, by apt’s own count', () => {
  const { progress, lines } = said(
    '3 upgraded, 4 newly installed, 0 to remove and 5 not upgraded.',
    'pmstatus:a:50.0:Installing a (amd64)',
    'pmstatus:a:60.0:Installed a (amd64)',
    'pmstatus:b:70.0:Configuring b (amd64)',
    'E: stop',
  )
  expect(lines).toEqual([
    '3 upgraded, 4 newly installed, 0 to remove and 5 not upgraded.',
    'E: stop',
  ])
  expect(progress).toEqual([
    { fraction: 0.8, done: 1, total: 7, unit: 'packages', text: 'Installing a' },
    { fraction: 0.84, done: 1, total: 7, unit: 'packages', text: 'Installed a' },
    { fraction: 0.88, done: 1, total: 7, unit: 'packages', text: 'Configuring b' },
  ])
})

test.each(['The following NEW packages will be installed:', 'Need to get 3 kB of archives.'])(
  'after "%s" downloads are those of packages',
  line => {
    const download = 'dlstatus:1:50.0:Retrieving file 1 of 4'
    expect(said(line, download, 'E: stop').progress).toEqual([
      { fraction: 0.3, done: 0, total: 4, unit: 'packages', text: 'Retrieving file 1 of 4' },
    ])
    expect(said(`x ${line}`, download, 'E: stop').progress).toMatchObject([{ fraction: 0.075 }])
  },
)

test('a whole update before takes its share of the bar', () => {
  const { progress } = said(
    'dlstatus:1:100.0:Retrieving file 1 of 1',
    'dlstatus:1:20.0:Retrieving file 1 of 2',
    'dlstatus:2:20.0:Retrieving file 2 of 2',
    'E: stop',
  )
  expect(progress.map(({ fraction }) => fraction)).toEqual([0.15, 0.24, 0.24])
})

test('questions of dpkg and of apt are status too, and no log lines', () => {
  const { lines, progress } = said('pmconffile:/etc/x:50.0:keep', 'media-change:x:y', 'E: stop')
  expect(lines).toEqual(['E: stop'])
  expect(progress).toMatchObject([{ fraction: 0 }])
  expect(said('x media-change:x').lines).toEqual(['x media-change:x'])
})

test('status is told on stdout alone', () => {
  const { lines, last } = replay(aptReader(), [err('dlstatus:1:50.0:Retrieving file 1 of 2\n')])
  expect(lines).toEqual(['dlstatus:1:50.0:Retrieving file 1 of 2'])
  expect(last).toBeNull()
})
