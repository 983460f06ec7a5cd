import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../scripts/pictures.mjs', import.meta.url))
const FOLDER = new URL('../docs/pictures/', import.meta.url)

const pty = await import('@lydell/node-pty').then(
  () => true,
  () => false,
)

test.skipIf(!pty || process.platform !== 'linux')(
  'the pictures in the README show what the command shows (skipped without a pseudo-terminal of Linux)',
  async () => {
    const [code, said] = await new Promise<[unknown, string]>(resolve =>
      execFile(process.execPath, [SCRIPT, '--check'], (error, stdout, stderr) =>
        resolve([error?.code ?? 0, stdout + stderr]),
      ),
    )
    expect([code, said]).toEqual([0, 'The pictures show what the command does.\n'])
  },
  90_000,
)

test('each picture is small, has words for those who can not see it, and tells nothing of the machine', () => {
  const names = readdirSync(FOLDER)
  expect(names).toHaveLength(12)
  for (const name of names) {
    const text = readFileSync(new URL(name, FOLDER), 'utf8')
    expect(text.length).toBeLessThan(30_000)
    expect(text).toMatch(/role="img"[^]*<title[^]*<desc/)
    expect(text).not.toMatch(/\/tmp\/|\/work\/|\/root/)
  }
})

test('every picture is shown by the README or the page on how it works, in both themes, with a text', () => {
  const pages = ['README.md', 'docs/how-it-works.md']
    .map(path => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
    .join('\n')
  const named = [...pages.matchAll(/"(?:docs\/)?pictures\/([\w-]+\.svg)/g)].map(([, name]) => name)
  expect(named.toSorted()).toEqual(readdirSync(FOLDER).toSorted())
  expect(pages.match(/<img src="(?:docs\/)?pictures\/[^"]+" alt="[^"]{40,}">/g)).toHaveLength(6)
})
