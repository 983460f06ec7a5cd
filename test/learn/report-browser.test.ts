import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, CDPSession, Page } from 'puppeteer-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { reportOf } from '../../src/learn/report.ts'
import type { Event } from '../../src/run/events.ts'
import { FULL, MINIMAL } from '../recorder/plays.ts'
import { openRecorder, runHere } from '../recorder/recorder.ts'
import { describeBrowser, openBrowser } from './browser.ts'

const IN_PAGE = readFileSync(new URL('in-page.js', import.meta.url), 'utf8')
const REPORTS = ['minimal', 'full', 'failed'] as const
type Name = (typeof REPORTS)[number]

const PHONE = 375
/** Phones, a width just too large for what is done on phones, a tablet, a desk. */
const WIDTHS = [320, PHONE, 500, 660, 768, 1280]
/** What a sheet of A4 and one of Letter leave between margins, in CSS pixels. */
const SHEETS = [642, 720]

const PACKAGES =
  'build-essential,ca-certificates,curl,git,libpostgresql-jdbc-java-doc,openssh-client,postgresql-client-common,python3-cryptography,vim-tiny'

const recorded = async (name: Name): Promise<readonly Event[]> => {
  if (name === 'minimal') return (await runHere(openRecorder({ plays: MINIMAL }), ['--yes'])).events
  if (name === 'failed') {
    const stderr = `failed to copy files: write /${'very-long-name/'.repeat(20)}: no space left on device\n`
    const faults = [{ to: 'build .', stderr, exitCode: 1 }]
    return (await runHere(openRecorder({ plays: MINIMAL, faults }), ['--yes'])).events
  }
  const recorder = openRecorder({ plays: FULL, registry: { 'debian:bookworm-slim': {} } })
  const argv = ['--yes', '--kind', 'full', '--release', 'bookworm', '--bootstrap', 'debootstrap']
  const ran = await runHere(recorder, [...argv, '--include', PACKAGES])
  return ran.events.map(event => (event.type === 'outcome' ? large(event) : event))
}

/** A recorder's tree is tiny, and nobody counts its packages. */
const large = (outcome: Extract<Event, { type: 'outcome' }>): Event => ({
  ...outcome,
  uncompressedBytes: 912_345_678,
  compressedBytes: 301_234_567,
  packages: { total: 1234, newer: 56, date: '2026-01-01', missing: [] },
  sizes: [
    { bytes: 1_234_567_890, after: 'as debootstrap made it' },
    { bytes: 1_100_000_000, after: 'without downloaded packages' },
    { bytes: 912_345_678, after: 'without man pages' },
    {
      bytes: 4096,
      after: 'without a rule whose name is as long as a sentence of this page may be',
    },
  ],
})

const FILES: Readonly<Record<Name, readonly string[]>> = {
  minimal: ['hello', 'etc/ssl/certs/ca-certificates.crt', 'usr/share/zoneinfo/'],
  full: [],
  failed: ['hello'],
}

/** Names and versions as long as Debian's longest. */
const LISTED = Array.from({ length: 90 }, (_, i) =>
  i % 9 === 0 ? `libpam-modules-bin-of-number-${i} 1:1.5.2-6+deb12u${i}` : `adduser${i} 3.134`,
)

describeBrowser('a report in a browser', () => {
  let folder: string
  const urls = new Map<Name, string>()
  let browser: Browser
  let close = (): Promise<void> => Promise.resolve()
  let page: Page
  let devtools: CDPSession
  const asked: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-pages-'))
    ;({ browser, close } = await openBrowser())
    page = await browser.newPage()
    devtools = await page.createCDPSession()
    page.on('request', request => asked.push(request.url()))
    await page.evaluateOnNewDocument(IN_PAGE)
  })

  afterAll(async () => {
    await close()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Written by the first test that asks for it, since a recorder belongs to a test. */
  const urlOf = async (name: Name): Promise<string> => {
    const known = urls.get(name)
    if (known !== undefined) return known
    const path = join(folder, `${name}.html`)
    const words = { inside: FILES[name], packages: LISTED, day: '2026-01-01' }
    writeFileSync(path, reportOf(await recorded(name), words, readAsset('learn/report.html')))
    const url = pathToFileURL(path).href
    urls.set(name, url)
    return url
  }

  interface How {
    readonly width?: number
    readonly scheme?: 'light' | 'dark'
    readonly media?: 'print' | 'screen'
  }

  const open = async (name: Name, { width = 1280, scheme = 'light', media = 'screen' }: How) => {
    await page.setViewport({ width, height: 800 })
    // Puppeteer asks for either in a call of its own, and the later one undoes the earlier.
    await devtools.send('Emulation.setEmulatedMedia', {
      media,
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    })
    const url = await urlOf(name)
    if (page.url() !== url) await page.goto(url)
  }
  const look = async <T = readonly string[]>(what: string): Promise<T> =>
    (await page.evaluate(`look.${what}()`)) as T

  test.each(REPORTS)('%s: it asks nobody for anything but itself', async name => {
    await page.goto('about:blank')
    const url = await urlOf(name)
    asked.length = 0
    await page.goto(url)
    expect(asked).toEqual([url])
  })

  test.each(REPORTS)(
    '%s: at every width all is seen, whole, and nothing lies on another',
    async name => {
      for (const width of WIDTHS) {
        await open(name, { width })
        const wrong = {
          cut: await look('cut'),
          overlapping: await look('overlapping'),
          broken: await look('broken'),
          parted: await look('parted'),
        }
        expect(wrong, `${width} px`).toEqual({ cut: [], overlapping: [], broken: [], parted: [] })
      }
    },
  )

  test.each(REPORTS)(
    '%s: on a phone even commands are read without scrolling sideways',
    async name => {
      await open(name, { width: PHONE })
      expect(await look('scrolling')).toEqual([])
    },
  )

  test.each(REPORTS)('%s: every text has contrast enough, in light and in dark', async name => {
    await open(name, { scheme: 'light' })
    expect(await look('faint')).toEqual([])
    const [darkest = 0] = await look<number[]>('grounds')
    expect(darkest).toBeGreaterThan(0.8)
    await open(name, { scheme: 'dark' })
    expect(await look('faint')).toEqual([])
    const [, lightest = 1] = await look<number[]>('grounds')
    expect(lightest).toBeLessThan(0.05)
  })

  test.each(REPORTS)('%s: Tab goes through it from top to bottom, and is seen', async name => {
    for (const scheme of ['light', 'dark'] as const) {
      await page.goto('about:blank')
      await open(name, { scheme, width: PHONE })
      const all = (await page.evaluate('look.stops().length')) as number
      expect(all).toBeGreaterThan(3)
      const seen: number[] = []
      for (let i = 0; i < all; i++) {
        await page.keyboard.press('Tab')
        const { at, wrong } = await look<{ at: number; wrong: string[] }>('focus')
        expect(wrong, scheme).toEqual([])
        seen.push(at)
      }
      expect(seen).toEqual(seen.map((_, i) => i))
    }
  })

  test('an arrow key scrolls the long command that has the focus', async () => {
    await page.goto('about:blank')
    await open('full', { width: 1280 })
    expect((await look('scrolling')).length).toBeGreaterThan(0)
    const left = 'document.activeElement.scrollLeft'
    const isWide = 'document.activeElement.scrollWidth > document.activeElement.clientWidth'
    do await page.keyboard.press('Tab')
    while ((await page.evaluate(isWide)) !== true)
    expect(await page.evaluate(left)).toBe(0)
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(`${left} > 0`, { timeout: 10_000 })
  })

  test.each(REPORTS)('%s: on paper it is dark on white, and nothing is left out', async name => {
    for (const width of SHEETS) {
      await open(name, { width, scheme: 'dark', media: 'print' })
      expect(await look('cut')).toEqual([])
      expect(await look('scrolling')).toEqual([])
      expect(await look('overlapping')).toEqual([])
      expect(await look('broken')).toEqual([])
      expect(await look('faint')).toEqual([])
      expect(await look('grounds')).toEqual([1, 1])
    }
  })

  test.each(REPORTS)(
    '%s: it has a title, a language, headings in order, and one main part',
    async name => {
      await open(name, {})
      const { title, lang, levels, mains, outside, folded } = await look<{
        readonly title: string
        readonly lang: string
        readonly levels: readonly number[]
        readonly mains: number
        readonly outside: readonly string[]
        readonly folded: readonly string[]
      }>('outline')
      expect(title).toMatch(/^(minimal|full) image/)
      expect(lang).toBe('en')
      expect(levels.filter(level => level === 1)).toEqual([1])
      expect(levels[0]).toBe(1)
      expect(levels.filter((level, i) => level > (levels[i - 1] ?? 0) + 1)).toEqual([])
      expect({ mains, outside }).toEqual({ mains: 1, outside: [] })
      // So nothing must be opened, by a key or before it is printed.
      expect(folded).toEqual([])
    },
  )
})
