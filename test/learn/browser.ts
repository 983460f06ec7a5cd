import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { launch, type Browser } from 'puppeteer-core'
import { describe, test } from 'vitest'

/**
 * Groups tests that need Debian's chromium. Without one they are skipped with the reason in the title; where
 * CBI_NEED_ENGINE is 1 the group fails instead, because what tests with an engine has a browser too.
 */
export const describeBrowser = (title: string, body: () => void): void => {
  const reason = 'there is no chromium here; apt-get install chromium'
  if (chromium() !== null) describe(title, body)
  else if (process.env.CBI_NEED_ENGINE === '1')
    describe(title, () =>
      test('has a browser to test with', () => Promise.reject(new Error(reason))),
    )
  else describe.skip(`${title} (skipped: ${reason})`, body)
}

/** Starts a browser without a window. `close` ends it, and removes everything that it wrote. */
export const openBrowser = async (): Promise<{
  readonly browser: Browser
  readonly close: () => Promise<void>
}> => {
  const home = mkdtempSync(join(tmpdir(), 'report-browser-'))
  const clear = () => rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  const browser = await launch({
    executablePath: chromium()!,
    pipe: true,
    // Its sandbox refuses root; it opens nothing but what the tests wrote.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    userDataDir: join(home, 'profile'),
    // It writes to a cache and to a folder of crashes besides.
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: home },
  }).catch((error: unknown) => {
    clear()
    throw error
  })
  return {
    browser,
    close: async () => {
      await browser.close()
      clear()
    },
  }
}

/** The path of the first chromium in PATH, or null. */
const chromium = (): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map(folder => join(folder, 'chromium'))
    .find(path => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    }) ?? null
