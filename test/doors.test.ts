import { spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { room } from './oci/room.ts'

const CLI = fileURLToPath(new URL('../bin/create-base-image.js', import.meta.url))
const EVIL = 'a\u001b[2J\u001b]0;t\u0007\u009b1mb\u202ec\u2066d\u200fe\u2028f\ng'
/** Without what ends a line. */
const ODD = EVIL.replaceAll(/[\n\u2028]/g, '')
const STEERS = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/u

const run = (words: readonly string[], cwd: string, stdout: 'pipe' | number = 'pipe') => {
  const child = spawnSync(process.execPath, [CLI, ...words], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
    timeout: 60_000,
    env: { ...process.env, CI: '1' },
  })
  return { code: child.status, out: child.stdout ?? '', err: child.stderr ?? '' }
}

const MAKE = ['--yes', '--engine', 'none', '--program', 'raw:hi']

let made = ''
beforeAll(async () => {
  made = await mkdirRoom()
  expect(run(['made', ...MAKE], made).code).toBe(0)
})

const mkdirRoom = async (): Promise<string> => {
  const { mkdtempSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  return mkdtempSync(join(tmpdir(), 'doors-'))
}

/** What a name comes in by, each with the exit code that it ends in. */
const DOORS: readonly (readonly [string, number, (at: string) => readonly string[]])[] = [
  ['the folder', 0, () => [`./${ODD}`, ...MAKE]],
  ['a folder with line ends', 2, () => [`./${EVIL}`, ...MAKE]],
  ['the plan', 0, () => [`./${ODD}`, '--plan', ...MAKE.slice(1)]],
  ['the plan as JSON', 0, () => [`./${ODD}`, '--plan', '--json', ...MAKE.slice(1)]],
  ['the events', 0, () => [`./${ODD}`, '--json', ...MAKE]],
  ['the tag', 2, () => ['--tag', EVIL, ...MAKE]],
  ['the program', 2, () => ['--yes', '--engine', 'none', '--program', EVIL]],
  ['the mirror', 2, () => ['--yes', '--release', 'noble', '--mirror', EVIL]],
  ['a flag', 2, () => [`--${EVIL}`]],
  ['a command', 2, () => ['inspect', EVIL]],
  ['the answers by name', 2, () => ['--yes', '--answers', EVIL]],
  [
    'keys of the answers',
    2,
    at => {
      writeFileSync(join(at, 'a.json'), JSON.stringify({ version: 1, [EVIL]: EVIL }))
      return ['--yes', '--answers', 'a.json']
    },
  ],
  [
    'values of the answers',
    2,
    at => {
      writeFileSync(join(at, 'a.json'), JSON.stringify({ version: 1, kind: 'full', release: EVIL }))
      return ['--yes', '--answers', 'a.json']
    },
  ],
  [
    'the state',
    2,
    at => {
      mkdirSync(join(at, 'p/.create-base-image'), { recursive: true })
      const state = {
        version: 1,
        finished: true,
        answers: { [EVIL]: EVIL },
        written: {},
        steps: {},
      }
      writeFileSync(join(at, 'p/.create-base-image/state.json'), JSON.stringify(state))
      return ['p', ...MAKE]
    },
  ],
  [
    'what is packed',
    2,
    at => {
      writeFileSync(join(at, EVIL), readFileSync(join(made, 'made/hello')), { mode: 0o755 })
      return ['pack', `./${EVIL}`, '--tag', 'x', '--output', './x.tar']
    },
  ],
]

test.each(DOORS)(
  'nothing that steers a terminal comes out when it came in by %s',
  async (_, code, words) => {
    const at = await room()
    const told = run(words(at), at)
    expect(told.err).not.toContain('A defect in create-base-image')
    expect([told.code, told.out.match(STEERS), told.err.match(STEERS)]).toEqual([code, null, null])
    expect(told.out + told.err).not.toMatch(/^g['"]?$/m)
  },
)

test.skipIf(!existsSync('/dev/full'))('a full disk behind stdout is a failure, said so', () => {
  for (const words of [
    ['--script', 'sh'],
    ['--help'],
    ['--plan', '--engine', 'none'],
    ['releases'],
  ]) {
    const full = openSync('/dev/full', 'w')
    const { code, err } = run(words, made, full)
    closeSync(full)
    expect([code, err]).toEqual([1, expect.stringContaining('the disk is full')])
  }
})

test('what goes into a file arrives whole', async () => {
  const at = await room()
  const file = openSync(join(at, 'build.sh'), 'w')
  expect(run(['--script', 'sh'], at, file).code).toBe(0)
  closeSync(file)
  expect(readFileSync(join(at, 'build.sh'), 'utf8')).toBe(run(['--script', 'sh'], at).out)
})

test('pack makes the folders above its file, and says where none can be', async () => {
  const at = await room()
  const pack = (output: string) =>
    run(['pack', join(made, 'made/hello'), '--tag', 'x', '--output', output], at)
  expect(pack('new/one/x.tar').code).toBe(0)
  expect(existsSync(join(at, 'new/one/x.tar'))).toBe(true)
  expect(pack('new/one/x.tar/y.tar')).toMatchObject({
    code: 1,
    err: expect.stringContaining("y.tar can't be written: a part of the path is a file.") as string,
  })
})

test('pack replaces nothing that is there without --force, and never what is no file', async () => {
  const at = await room()
  writeFileSync(join(at, 'notes.txt'), 'precious')
  symlinkSync('notes.txt', join(at, 'link'))
  const pack = (...words: readonly string[]) =>
    run(['pack', join(made, 'made/hello'), '--tag', 'x', ...words], at)
  expect(pack('--output', 'notes.txt')).toMatchObject({
    code: 2,
    err: expect.stringContaining('notes.txt is there.') as string,
  })
  expect(pack('--output', 'link', '--force').code).toBe(2)
  expect(readFileSync(join(at, 'notes.txt'), 'utf8')).toBe('precious')
  expect(pack('--output', 'notes.txt', '--force').code).toBe(0)
})

test('answers that are a pipe, a device, too long or too big are refused, and nobody waits', async () => {
  const at = await room()
  spawnSync('mkfifo', [join(at, 'pipe')])
  writeFileSync(join(at, 'big'), ' '.repeat(2_000_000))
  const long = { version: 1, kind: 'minimal', program: 'x'.repeat(5000) }
  writeFileSync(join(at, 'long'), JSON.stringify(long))
  for (const name of ['pipe', '/dev/zero', 'big', 'long', '.']) {
    const { code, err } = run(['--yes', '--answers', name], at)
    expect([name, code]).toEqual([name, 2])
    expect(err).not.toContain('A defect')
  }
})
