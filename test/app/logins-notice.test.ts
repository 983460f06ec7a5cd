import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withLoginsNotice } from '../../src/app/logins-notice.ts'
import { withoutLogins } from '../../src/bootstrap/deb/sources-file.ts'
import { planFor } from '../../src/plan/plan.ts'
import { facts, full } from '../plan/minimal/inputs.ts'

const folder = mkdtempSync(join(tmpdir(), 'logins-'))
afterAll(() => rmSync(folder, { recursive: true }))

const OWN = 'Types: deb\nURIs: http://me:x@a.test/debian\nSuites: bookworm\nComponents: main\n'
const file = join(folder, 'mine.sources')

/** What a plan by that file says besides what every plan says. */
const told = (text: string, ...argv: string[]): readonly string[] => {
  writeFileSync(file, text)
  const given = full('--release=bookworm', `--sources=${file}`, ...argv)
  const plan = planFor(given, facts())
  return withLoginsNotice(plan, given, facts()).notices.slice(plan.notices.length)
}

test("a folder's copy of sources is without logins: it is said of which, and what to do", () => {
  const [notice, ...others] = told(withoutLogins(OWN), '--tag=mine')
  expect(others).toEqual([])
  expect(notice).toContain('is without the user and the password of http://a.test/debian,')
  expect(notice).toMatch(
    / With your own file: npx create-base-image --yes --tag mine --release bookworm --sources FOLDER\/mine\.sources$/,
  )
})

test.each<[string, string, string[]]>([
  ['a file that has its logins', OWN, []],
  ['one that never had any', OWN.replace('me:x@', ''), []],
  ['a login that was put back', `${withoutLogins(OWN).split('\n')[0]}\n${OWN}`, []],
  ['what fetches nothing', withoutLogins(OWN), ['--offline']],
])('%s: nothing is said', (_, text, argv) => {
  expect(told(text, ...argv)).toEqual([])
})

test('nor of the sources of a distribution', () => {
  const given = full('--release=bookworm')
  const plan = planFor(given, facts())
  expect(withLoginsNotice(plan, given, facts())).toBe(plan)
})
