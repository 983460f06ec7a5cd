import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { create } from '../../src/app/create.ts'
import { writeReport } from '../../src/app/report.ts'
import { readAsset } from '../../src/assets.ts'
import { reportOf } from '../../src/learn/report.ts'
import type { Plan } from '../../src/plan/types.ts'
import type { Event } from '../../src/run/events.ts'
import { ioIn } from '../app/io.ts'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder, type Fault } from '../recorder/recorder.ts'

const template = readAsset('learn/report.html')

const run = async (faults: readonly Fault[] = [], ...argv: string[]) => {
  const recorder = openRecorder({ plays: MINIMAL, faults })
  const io = ioIn(recorder)
  const code = await create(['--yes', '--kind', 'minimal', ...argv], io)
  return { code, io, path: (name: string) => join(recorder.folder, name) }
}

/** Every tag that is opened is closed, in its order. */
const unclosed = (html: string): string[] => {
  const open: string[] = []
  for (const [, end, name = ''] of html.matchAll(/<(\/?)([a-z]\w*)[^>]*>/g)) {
    if (['meta', '!doctype'].includes(name)) continue
    if (end === '') open.push(name)
    else if (open.pop() !== name) open.push(`not ${name}`)
  }
  return open
}

test('a run is written as one page of its own, and named at the end', async () => {
  const { code, io, path } = await run([], '--report', 'report.html')
  expect(code).toBe(0)
  expect(io.written.err).toContain(`Report: ${path('report.html')}\n`)
  const html = readFileSync(path('report.html'), 'utf8')
  expect(unclosed(html)).toEqual([])
  expect(html).toMatch(/<html lang="en">[^]*<main>\n<h1>minimal image/)
  expect(html).toMatch(/<h3>1\. Check the engine <span>[\d.]+ s<\/span><\/h3>/)
  expect(html).toMatch(/<dt>Proven<\/dt>/)
  expect(html).toMatch(/<dt>Files<\/dt><dd>hello<\/dd>/)
  expect(html).toMatch(/docker build --tag hello \./)
  // It asks nobody for anything.
  expect(html).not.toMatch(/<script|<link|<img|src=|url\(|https?:\/\//)
  expect(html).not.toMatch(/\{\{\w+\}\}/)
})

test('what scrolls can be reached by the keyboard, and the page has both themes, a phone and print', async () => {
  const { path } = await run([], '--report', 'report.html')
  const html = readFileSync(path('report.html'), 'utf8')
  const boxes = html.match(/<pre[^>]*>/g) ?? []
  expect(boxes.length).toBeGreaterThan(3)
  expect(new Set(boxes)).toEqual(new Set(['<pre tabindex="0">']))
  expect(html).toMatch(/name="viewport"[^]*prefers-color-scheme: dark[^]*@media print/)
})

/** Relative luminance and contrast, as WCAG 2 defines them. */
const contrast = (one: string, other: string): number => {
  const light = (colour: string): number => {
    const long = colour.length === 4 ? colour.replace(/[\da-f]/g, '$&$&') : colour
    const [r = 0, g = 0, b = 0] = [1, 3, 5]
      .map(at => Number.parseInt(long.slice(at, at + 2), 16) / 255)
      .map(part => (part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [high = 0, low = 0] = [light(one), light(other)].toSorted((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

test('in both themes every text has a contrast of 4.5 to 1 at least', () => {
  const themes = [...template.matchAll(/:root \{([^}]*--good[^}]*)\}/g)].map(([, rules = '']) =>
    Object.fromEntries(
      [...rules.matchAll(/--(\w+): (#[\da-f]+)/g)].map(([, name = '', colour = '']) => [
        name,
        colour,
      ]),
    ),
  )
  expect(themes).toHaveLength(3)
  for (const theme of themes)
    for (const ground of ['paper', 'box'])
      for (const text of ['ink', 'soft', 'good', 'bad'])
        expect(contrast(theme[text] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
})

test('a failed run is told too, with what failed and what was not reached', async () => {
  const { code, path } = await run(
    [{ to: 'build .', stderr: 'no space left on device\n', exitCode: 1 }],
    '--report',
    'report.html',
  )
  const html = readFileSync(path('report.html'), 'utf8')
  expect(code).not.toBe(0)
  expect(html).toMatch(/no image was made[^]*Failed\.[^]*Not reached/)
  expect(unclosed(html)).toEqual([])
})

test('the packages of an image are listed where the run has written them down', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'))
  const documents = [
    {
      packages: [
        { name: 'debian', primaryPackagePurpose: 'OPERATING_SYSTEM' },
        { name: 'base-files', versionInfo: '12.4<' },
      ],
    },
    {},
    null,
  ]
  const pages = []
  for (const document of documents) {
    writeFileSync(join(folder, 'sbom.spdx.json'), JSON.stringify(document))
    const path = join(folder, 'report.html')
    const plan = { contents: null, keeps: ['sbom.spdx.json'], directory: folder }
    await writeReport(path, plan as unknown as Plan, FULL)
    pages.push(readFileSync(path, 'utf8'))
  }
  rmSync(folder, { recursive: true })
  expect(pages[0]).toContain('<ul>\n<li>base-files 12.4&lt;</li>\n</ul>')
  for (const page of pages) expect(unclosed(page)).toEqual([])
  for (const page of pages.slice(1)) expect(page).not.toContain('<ul>')
})

/** A plan without steps, and how it ended. */
const FULL = [
  { type: 'plan', headline: 'x', notices: [], steps: [], repeat: 'x' },
  {
    type: 'outcome',
    image: 'x',
    platform: 'linux/amd64',
    id: 'sha256:1',
    uncompressedBytes: 1,
    compressedBytes: null,
    proven: true,
    proof: 'run',
    seconds: 1,
    printed: '',
    sizes: [],
    packages: { total: 1, date: '2026-01-01' },
    next: [],
  },
] as unknown as Event[]

test('no text of a run becomes markup', () => {
  const plan = {
    type: 'plan',
    headline: '<b>"x"</b> & {{body}}',
    notices: ['<i>'],
    steps: [{ id: 'a', title: '<u>', why: '<s>', commands: ['echo <x> && y'] }],
    repeat: '<repeat>',
  } as unknown as Event
  const html = reportOf([plan], { inside: [], packages: [], day: '2026-01-01' }, template)
  expect(unclosed(html)).toEqual([])
  expect(html).toContain('&lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; {{body}}')
  expect(html).not.toMatch(/<[biusx]>|<repeat>/)
})

test.each([
  ['folder', /is a folder/],
  ['nowhere/report.html', /there is no folder/],
])('--report %s is refused before anything is done', async (named, why) => {
  const recorder = openRecorder({ plays: MINIMAL })
  mkdirSync(join(recorder.folder, 'folder'))
  const io = ioIn(recorder)
  const asked = create(['--yes', '--kind', 'minimal', '--report', named], io)
  await expect(asked).rejects.toThrow(why)
  expect(io.written.out).toBe('')
})
