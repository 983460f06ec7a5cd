import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { findRemedy } from '../../src/engine/remedies.ts'
import { scriptReader } from '../../src/run/progress/script.ts'
import { err, replay } from '../run/progress/replay.ts'

let root: string
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'cbi-release-'))))
afterEach(() => rmSync(root, { recursive: true }))

/** What check_release of the families' scripts says of a tree with a file. */
const check = (expected: string, file: string, text: string, options = '') => {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
  const script = `${readAsset('families/shared/lib.sh')}\nrootfs=${root} expect='${expected}' ${options}\ncheck_release\n`
  const { status, stdout } = spawnSync('sh', ['-eu'], { input: script, encoding: 'utf8' })
  const { lines } = replay(scriptReader(), [err(stdout)])
  return { status, said: lines.join('\n') }
}

const RELEASE = '/etc/os-release'
const TEXT = 'NAME=Mine\nID=other\nVERSION_ID="9.4"\n'

test.skipIf(process.platform === 'win32').each([
  ['ID=other', RELEASE, TEXT, ''],
  ['', RELEASE, TEXT, ''],
  ['Mine 9', '/etc/mine-release', 'Mine 9\n', 'expect_in=/etc/mine-release'],
])('%j is found in %s', (expected, file, text, options) => {
  expect(check(expected, file, text, options)).toEqual({ status: 0, said: '' })
})

test.skipIf(process.platform === 'win32').each([
  ['ID=mine', RELEASE, TEXT, '', '/etc/os-release has ID=other, not ID=mine'],
  ['ID=oth', RELEASE, TEXT, '', '/etc/os-release has ID=other, not ID=oth'],
  ['VARIANT=x', RELEASE, TEXT, '', '/etc/os-release has NAME=Mine, not VARIANT=x'],
  ['Mine 9', RELEASE, TEXT, 'expect_in=/etc/mine-release', 'it has no /etc/mine-release'],
])('that %j is not in %s is told with what is', (expected, file, text, options, words) => {
  const { status, said } = check(expected, file, text, options)
  expect(status).toBe(1)
  expect(said).toBe(`E: What came is another release: ${words} (E: WRONGRELEASE)`)
  const remedy = findRemedy(said, { platform: 'linux', builderStep: true })
  expect(remedy?.what).toContain(words)
})
