import { expect, test } from 'vitest'
import { findRemedy, hintsOf, type RemedyContext } from '../../src/engine/remedies.ts'
import type { RemedyRow } from '../../src/engine/remedies/row.ts'
import { ALL_ROWS } from './rows.ts'

const LINUX: RemedyContext = { platform: 'linux', client: 'docker' }
const at = (path: string): string =>
  `Cannot connect to the Docker daemon at unix:///Users/ann/${path}. Is the docker daemon running?`

/** What no recording and no other test of advice has, with what it must be taken for and what it names. */
const EACH: readonly (readonly [code: string, said: string, names?: string])[] = [
  ['archive-key-expired', 'gpgv: Note: this key has expired!'],
  ['archive-key-expired', '[GNUPG:] EXPKEYSIG 871920D1991BC93C Archive'],
  ['archive-no-suite', 'E: The mirror has no release nosuch (E: NOSUITE)', 'nosuch'],
  ['archive-no-address', 'E: There is no archive at http://m.example/x', 'http://m.example/x'],
  ['archive-no-updates', 'E: The updates could not be installed of noble'],
  ['archive-no-updates', 'E: NOUPDATES'],
  ['sudo-password', 'sudo: interaction is required'],
  ['no-daemon', at('.colima/docker.sock'), 'colima'],
  ['no-daemon', at('.orbstack/run/docker.sock'), 'OrbStack'],
  ['no-daemon', at('.rd/docker.sock'), 'Rancher Desktop'],
  ['no-daemon', at('run/user/1000/docker.sock'), 'rootless Docker'],
  ['no-daemon', at('.docker/desktop/docker.sock'), 'Docker Desktop'],
  ['apt-unmet', 'The following packages have unmet dependencies:'],
  ['apt-unmet', 'E: Unable to correct problems, you have held broken packages.'],
  ['package-unknown', 'The release has no package jqq (E: NOPACKAGE)', 'jqq'],
  ['package-gone', 'E: PACKAGEGONE'],
  ['package-gone', 'that the mirror does not have: a.rpm at http://m (E: PACKAGEGONE)', 'a.rpm at'],
  ['package-damaged', 'E: PACKAGEBAD'],
  ['package-damaged', 'A package came damaged: a.rpm (E: PACKAGEBAD)', 'a.rpm'],
  ['archive-unknown-key', 'a key that is not known here: http://m (E: UNKNOWNRELSIG)', 'http://m'],
  ['package-script', "A package's script failed: bash-5.2 (E: SCRIPT)", 'bash-5.2'],
  ['root-empty', 'pack.sh: /rootfs is empty', '/rootfs'],
  ['release-wrong', 'E: WRONGRELEASE'],
  ['index-unreadable', 'E: NOINDEX'],
  ['package-unsigned', 'There is no signature where one must be: a.rpm (E: UNSIGNED)', 'a.rpm'],
  ['package-dependency', 'Nothing gives what another needs: libx (E: NODEPENDENCY)', 'libx'],
  ['package-room', 'There is too little room: 9 MB (E: NOROOM)', '9 MB'],
  ['engine-refuses-right', 'It refuses a right that is needed: chroot (E: RIGHTS)', 'chroot'],
  ['builder-lacks-tool', 'The builder has no zypper (E: NOTOOL)', 'zypper'],
  ['keys-not-taken', 'The keys were not taken: bad packet (E: BADKEY)'],
]

const WITH_NAMES = EACH.map(([code, said, names = '']) => [code, said, names] as const)

test.each(WITH_NAMES)('%s: %s', (code, said, names) => {
  const { what, todo, ...found } = findRemedy(said, LINUX)!
  expect(found.code).toBe(code)
  expect([what, ...todo].join('\n')).toContain(names)
})

test.each([
  ['registry-read-only', 'Error: method not allowed'],
  ['registry-read-only', 'The operation is unsupported.'],
  ['sign-password', 'reading key: decrypt: encrypted: decryption failed'],
  ['push-unknown', 'name unknown: The repository with name "a" does not exist'],
])('of a push, %s: %s', (code, said) => {
  expect(findRemedy(said, { ...LINUX, voice: 'registry' })?.code).toBe(code)
})

test.each([
  ['panic: unknown time zone Europe/Oslo', 'no time zones'],
  ['user: unknown userid 1000', 'no names for users'],
])('a program that says "%s" wants what the image has not', (said, words) => {
  expect(hintsOf(said, LINUX, false).join(' ')).toContain(words)
})

const shown = ({ code, where, lacks, what, todo }: RemedyRow): string =>
  [
    `${code}${where === undefined ? '' : `, of the ${where}`}: ${lacks ? 'the machine lacks something' : 'the step is at fault'}`,
    `  ${what}`,
    ...Object.entries(todo).flatMap(([on, lines]) => [
      `  ${on}:`,
      ...(lines as readonly string[]).map(line => `    ${line}`),
    ]),
  ].join('\n')

// Whoever changes advice sees it there as a person reads it, in the order in which the rows are tried: vitest -u.
test('all advice is in fixtures/advice.txt', async () => {
  const groups = Object.entries(ALL_ROWS).map(([name, rows]) =>
    [`== ${name}`, ...rows.map(shown)].join('\n\n'),
  )
  await expect(`${groups.join('\n\n')}\n`).toMatchFileSnapshot('../fixtures/advice.txt')
})
