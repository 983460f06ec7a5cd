import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readAsset } from '../../src/assets.ts'
import { findRemedy } from '../../src/engine/remedies.ts'
import { scriptReader } from '../../src/run/progress/script.ts'
import { err, replay } from '../run/progress/replay.ts'

// What each recorded failure of a package manager must be taken for, by the family's own script and the remedies.
const CASES: Readonly<Record<string, string>> = {
  badscript: 'package-script',
  badscriptxml: 'package-script',
  brokendep: 'package-dependency',
  busy: 'archive-busy',
  corrupt: 'package-damaged',
  corruptxml: 'package-damaged',
  cut: 'archive-unreachable',
  dbrequired: 'package-unsigned',
  diskfull: 'package-room',
  down: 'archive-unreachable',
  downxml: 'archive-unreachable',
  forbidden: 'archive-no-suite',
  login: 'archive-login',
  missingfile: 'package-gone',
  nocaps: 'engine-refuses-right',
  nohost: 'archive-unreachable',
  nolandlock: 'engine-refuses-right',
  nokey: 'archive-unknown-key',
  nopackage: 'package-unknown',
  nosetfcap: 'engine-refuses-right',
  notfound: 'archive-no-suite',
  oldbuilder: 'package-unsigned',
  portal: 'archive-portal',
  repogpg: 'archive-unknown-key',
  unshare: 'engine-refuses-right',
  unshareplugin: 'engine-refuses-right',
  unsigned: 'package-unsigned',
  wrongarch: 'archive-no-suite',
  wrongkey: 'archive-unknown-key',
  wrongrelease: 'archive-no-suite',
}

const EXCEPT: Readonly<Record<string, string | null>> = {
  // apk's words are those of a stranger's key; the script looks at the index itself (apk.test.ts), which is not here.
  'apk-2.14-unsigned': 'archive-unknown-key',
  // It says so and goes on.
  'pacman-7.0-nolandlock': null,
}

/** It is named alone, not with the sentence that told of it. */
const DAMAGED = /^EA: (?:coreutils|busybox)\S*$/m

const FAMILIES = [
  ['apk', 'apk', /^apk-/],
  ['dnf', 'dnf', /^dnf/],
  ['zypper', 'zypper', /^zypper-/],
  ['pacman', 'pacman', /^pacman-/],
] as const

const recorded = readFileSync(new URL('../fixtures/family-errors.txt', import.meta.url), 'utf8')
  .split(/^## /m)
  .slice(1)
  .map(section => {
    const [head = '', ...lines] = section.split('\n')
    const [name = '', code = ''] = head.split(' ')
    return { name, code, fault: name.split('-').at(-1) ?? '', log: lines.join('\n') }
  })

const folder = mkdtempSync(join(tmpdir(), 'cbi-family-errors-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Returns what the family's script says of a tool that wrote `log` and ended with `code`. */
const saidOf = (family: string, code: string, log: string): string => {
  const script = readAsset(`families/${family}/bootstrap.sh`).replace(/^main "\$@".*$/m, '')
  expect(script).not.toContain('main "$@"')
  writeFileSync(join(folder, 'log'), log)
  const judge = family === 'apk' ? 'explain' : 'check'
  const state = `rootfs=/rootfs log='${folder}/log' work='${folder}' code=${code} mirror=http://mirror.example branch=v3.20 release=41 packages=bash version='' found=''`
  const { stdout, stderr } = spawnSync('sh', ['-s'], {
    input: `${script}\n${state}\n${judge}\n`,
    encoding: 'utf8',
    timeout: 60_000,
  })
  return `${stdout}${stderr}`
}

test('every kind of failure that was recorded is in the table, and each row is recorded', () => {
  expect([...new Set(recorded.map(({ fault }) => fault))].sort()).toEqual(Object.keys(CASES).sort())
})

describe.each(FAMILIES)('%s', (_, family, of) => {
  test.each(recorded.filter(({ name }) => of.test(name)))(
    '$name has its own remedy',
    ({ name, code, fault, log }) => {
      const said = saidOf(family, code, log)
      const { lines } = replay(scriptReader(), [err(said)])
      const remedy = findRemedy(lines.join('\n'), { platform: 'linux', builderStep: true })
      const wanted = name in EXCEPT ? EXCEPT[name] : CASES[fault]
      expect(remedy?.code ?? null, said).toBe(wanted)
      if (wanted === null) return
      if (wanted === 'package-damaged') expect(said).toMatch(DAMAGED)
      for (const line of [remedy?.what ?? '', ...(remedy?.todo ?? [])])
        expect(line).toMatch(/^\S[^{}\n]{5,}\S$/)
    },
  )
})

test('a file of keys that the builder lacks, and an address that has no index, are named', () => {
  const key = '/etc/pki/rpm-gpg/RPM-GPG-KEY-x'
  const lacks = `Curl error (37): Could not read a file:// file for file://${key} [Couldn't open file ${key}]\n`
  expect(toldOf(lacks)).toMatchObject({
    code: 'keys-not-taken',
    what: `The file of keys is not there, or was not accepted: ${key}`,
  })
  const index = 'http://mirror.example/x/repodata/repomd.xml'
  const none = `Errors during downloading metadata for repository 'x':\n  - Status code: 404 for ${index} (IP: 192.0.2.1)\n`
  expect(toldOf(none.replace('//', '//ann:secret@'))).toMatchObject({
    code: 'archive-no-suite',
    what: `The server answers, but does not have the release: 41 (${index})`,
  })
})

const toldOf = (log: string) => {
  const { lines } = replay(scriptReader(), [err(saidOf('dnf', '1', log))])
  return findRemedy(lines.join('\n'), { platform: 'linux', builderStep: true })
}
