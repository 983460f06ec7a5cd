import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { distributionNamed } from '../../src/catalog/distributions.ts'
import { releases } from '../../src/catalog/releases.ts'

const SCRIPT = fileURLToPath(new URL('../../scripts/catalogue.mjs', import.meta.url))

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'catalogue-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const check = (...words: string[]): Promise<{ code: unknown; said: string }> =>
  new Promise(resolve =>
    execFile(process.execPath, [SCRIPT, '--check', ...words], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, said: stdout + stderr }),
    ),
  )

const write = (distro: string, lines: readonly string[]): void => {
  const path = join(folder, `${distro}.csv`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  utimesSync(path, new Date('2026-04-25'), new Date('2026-04-25'))
}

/** What distro-info-data would have to say for the catalogue to be right; `more` are lines besides. */
const packageOf = (more: { ubuntu?: string; debian?: string } = {}): void => {
  const rows = (distro: string) =>
    releases()
      .filter(row => row.distro === distro)
      .toReversed()
  write('ubuntu', [
    'version,codename,series,created,release,eol,eol-server,eol-esm',
    '13.10,Saucy Salamander,saucy,2013-04-25,2013-10-17,2014-07-17',
    ...rows('ubuntu').map(row => {
      const line = `${row.name},${row.codename},2014-01-01,${row.released},${row.supportedUntil}`
      return row.longTerm
        ? `${row.version} LTS,${line},2000-01-01,${row.longTermUntil}`
        : `${row.version},${line}`
    }),
    ...(more.ubuntu === undefined ? [] : [more.ubuntu]),
  ])
  write('debian', [
    'version,codename,series,created,release,eol,eol-lts,eol-elts',
    '7,Wheezy,wheezy,2011-02-06,2013-05-04,2016-04-25,2018-05-31',
    ...rows('debian').map(row => {
      const line = `${row.version ?? ''},${row.name},${row.codename},2014-01-01`
      return row.released === null
        ? line
        : `${line},${row.released},${row.supportedUntil},${row.longTermUntil},2099-01-01`
    }),
    ',Experimental,experimental,1993-08-16',
    ...(more.debian === undefined ? [] : [more.debian]),
  ])
}

test('a package that is older than the catalogue is not compared', async () => {
  packageOf()
  write('ubuntu', ['version,codename,series,created,release,eol,eol-server,eol-esm'])
  for (const distro of ['ubuntu', 'debian'])
    utimesSync(join(folder, `${distro}.csv`), new Date('2026-01-02'), new Date('2026-01-02'))
  const { said } = await check(folder)
  expect(said).toContain('Not compared: distro-info-data here is of 2026-01-02')
  expect(said).not.toContain('differ')
})

test('what is too old, experimental, or not begun on the day of the data is left out', async () => {
  packageOf({ debian: '15,Duke,duke,2027-08-01', ubuntu: '27.10,Vain Vole,vain,2027-04-24' })
  expect((await check(folder)).said).toContain(
    'The catalogue says what distro-info-data here says.',
  )
})

test('only the next Debian is testing; an Ubuntu that is begun is in', async () => {
  packageOf({ debian: '15,Duke,duke,2026-04-25', ubuntu: '27.04,Tidy Toad,tidy,2026-04-25' })
  const { code, said } = await check(folder)
  expect(code).toBe(1)
  expect(said).toContain(
    '\n+ ubuntu {"codename": "tidy", "name": "Tidy Toad", "version": "27.04", "longTerm": false, "released": null, "supportedUntil": null, "longTermUntil": null}\n',
  )
  expect(said).not.toContain('duke')
})

test('a difference is shown line by line, with what to do', async () => {
  packageOf()
  const path = join(folder, 'ubuntu.csv')
  const text = readFileSync(path, 'utf8').replace('2029-05-31', '2029-06-30')
  write('ubuntu', [text.trimEnd()])
  const { code, said } = await check(folder)
  expect(code).toBe(1)
  expect(said.split('\n').slice(1, 3)).toEqual([
    '- ubuntu {"codename": "noble", "name": "Noble Numbat", "version": "24.04", "longTerm": true, "released": "2024-04-25", "supportedUntil": "2029-05-31", "longTermUntil": "2034-04-25"}',
    '+ ubuntu {"codename": "noble", "name": "Noble Numbat", "version": "24.04", "longTerm": true, "released": "2024-04-25", "supportedUntil": "2029-06-30", "longTermUntil": "2034-04-25"}',
  ])
  expect(said).toContain('run: node scripts/catalogue.mjs')
})

test('data of eight months ago are told, with their source; what rolls has none', async () => {
  packageOf()
  const { day, source } = distributionNamed('fedora')
  expect((await check(folder, day)).said).not.toContain('what was known on')
  const { code, said } = await check(folder, '2099-01-01')
  expect(code).toBe(1)
  expect(said).toContain('The newest Ubuntu in assets/distros is ')
  expect(said).toContain(
    `assets/distros/fedora/distro.json has what was known on ${day}: look for newer releases and dates in its source (${source})`,
  )
  expect(said).not.toMatch(/distros\/(?:arch|kali|opensuse-tumbleweed)/)
})

test('without the package the script says what to install, and its exit code is 3', async () => {
  const { code, said } = await check(folder)
  expect([code, said]).toEqual([3, expect.stringContaining('apt-get install distro-info-data')])
})

test('the catalogue tells where it is from', () => {
  for (const name of ['ubuntu', 'debian']) {
    expect(distributionNamed(name).source).toMatch(/^distro-info-data \S+$/)
    expect(distributionNamed(name).day).toMatch(/^\d{4}-\d\d-\d\d$/)
  }
})
