import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const BIN = join(ROOT, 'bin/create-base-image.js')
const folder = mkdtempSync(join(tmpdir(), 'cbi-help-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const withFile = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** Tells on stderr, at the end, which of Node's own modules were loaded. */
const listing = withFile(
  'listing.cjs',
  `process.on('exit', () => require('fs').writeSync(2, JSON.stringify(process.moduleLoadList)))`,
)

/** The modules of Node's own that a program loads, its output in a pipe. */
const loadedBy = (...words: readonly string[]): string[] => {
  const { status, stderr } = spawnSync(process.execPath, ['--require', listing, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(status).toBe(0)
  return JSON.parse(stderr) as string[]
}

const begins = withFile('begins.mjs', `await import('./next.mjs')`)
withFile('next.mjs', 'void import.meta.url')

test.each(['--help', 'help rootfs', '--version'])(
  '%s loads one file of dist, and no more of Node than an empty module does',
  words => {
    const least = new Set(loadedBy(begins))
    expect(loadedBy(BIN, ...words.split(' ')).filter(name => !least.has(name))).toEqual([])
    // What it imports by name is loaded whatever it is called for; it was 52 kB when it had all questions in it.
    const entry = readFileSync(join(ROOT, 'dist/cli.js'), 'utf8')
    expect(entry).not.toMatch(/^import[^(]|[;}]import["{*]|from"\.\//)
    expect(entry.length).toBeLessThan(25_000)
  },
)

test.skipIf(process.platform === 'win32')(
  'a pipe that another process made refuse what has no room gets all of the help',
  async () => {
    const whole = execFileSync(process.execPath, [BIN, '--help'], { encoding: 'utf8' })
    // A pipe holds 64 kB. It is filled up to its last byte, and read only then.
    const shell = `{ "$0" -e '${FILL}'; "$0" "$1" --help; } | { sleep 1; cat; }`
    const child = spawn('bash', ['-c', shell, process.execPath, BIN])
    let told = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) told += chunk
    expect(told.replace(/^x+/, '')).toBe(whole)
  },
)

/** Node's stream makes the pipe so; killed, it does not make it as it was. */
const FILL = `
const { writeSync } = require("fs")
process.stdout
try { for (;;) writeSync(1, "x".repeat(1024)) } catch { process.kill(process.pid, "SIGKILL") }`

test.skipIf(process.platform === 'win32')('a reader that has gone away is no failure', () => {
  const shell = '{ sleep 1; "$0" "$1" --help; echo "code $?" >&2; } | true'
  const { stderr } = spawnSync('bash', ['-c', shell, process.execPath, BIN], { encoding: 'utf8' })
  expect(stderr).toBe('code 0\n')
})

test('a Node without what is needed is told so', () => {
  const before = withFile('before.cjs', 'delete process.getBuiltinModule')
  const { status, stderr } = spawnSync(process.execPath, ['--require', before, BIN, '--help'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([3, expect.stringContaining('needs Node 20.19, or 22.3')])
})
