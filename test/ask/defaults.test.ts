import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, onTestFinished, test } from 'vitest'
import { create } from '../../src/app/create.ts'
import {
  DEFAULTABLE,
  defaultsFor,
  defaultsPath,
  readDefaults,
  silentDefaults,
} from '../../src/ask/defaults.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { beginning } from '../../src/ask/wizard/texts.ts'
import { defaultsCheck } from '../../src/commands/doctor/defaults.ts'
import { ioIn } from '../app/io.ts'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder } from '../recorder/recorder.ts'

const envWith = (text: string): NodeJS.ProcessEnv => {
  const folder = mkdtempSync(join(tmpdir(), 'defaults-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = { HOME: folder, XDG_CONFIG_HOME: folder, APPDATA: folder }
  mkdirSync(dirname(defaultsPath(env)), { recursive: true })
  writeFileSync(defaultsPath(env), text)
  return env
}

test.each([
  ['linux', { HOME: '/h' }, '/h/.config/create-base-image/config.json'],
  ['linux', { HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/x/create-base-image/config.json'],
  ['linux', { HOME: '/h', XDG_CONFIG_HOME: 'x' }, '/h/.config/create-base-image/config.json'],
  ['darwin', { HOME: '/h' }, '/h/Library/Preferences/create-base-image/config.json'],
  ['win32', { APPDATA: 'C:\\A' }, 'C:\\A\\create-base-image\\config.json'],
  ['win32', { USERPROFILE: 'C:\\U' }, 'C:\\U\\AppData\\Roaming\\create-base-image\\config.json'],
] as const)('on %s with %j the file is %s', (platform, env, path) => {
  expect(defaultsPath(env, platform)).toBe(path)
})

test('without a file there are no defaults', () => {
  expect(readDefaults({ HOME: '/nowhere', APPDATA: '/nowhere' }).texts).toEqual({})
})

test('a file of an editor for Windows is read, and its schema is no default', () => {
  const env = envWith('\uFEFF{"$schema": "x", "libc": "musl"}')
  expect(readDefaults(env).texts).toEqual({ libc: 'musl' })
})

test.each([
  ['{', /is not JSON/],
  ['[]', /not an object/],
  ['{"tag": "x"}', /"tag", which is not a default/],
  ['{"libc": 1}', /"libc" that is not text/],
  ['{"libc": "newlib"}', /newlib/],
])('%s is refused, with the file and what it may hold', (text, why) => {
  const env = envWith(text)
  expect(() => readDefaults(env)).toThrow(why)
  expect(() => readDefaults(env)).toThrow(defaultsPath(env))
  expect(defaultsCheck(env)).toMatchObject({ state: 'bad', says: expect.stringMatching(why) })
  expect(defaultsCheck(env).todo.join()).toContain('compile-in')
})

const ALL = {
  path: '/config.json',
  texts: { kind: 'full', distro: 'debian', libc: 'musl', with: 'user', engine: 'podman' },
}

test.each([
  ['', { kind: 'full', distro: 'debian', engine: 'podman' }],
  ['--libc glibc', { with: 'user', engine: 'podman' }],
  ['--program raw', { engine: 'podman' }],
  ['--release noble --engine docker', {}],
  ['--kind minimal', { libc: 'musl', with: 'user', engine: 'podman' }],
])('beside "%s" these defaults count: %j', (words, texts) => {
  expect(defaultsFor(parseFlags(words.split(' ').filter(Boolean)), ALL)).toEqual(texts)
})

test('in the wizard a default is where the cursor begins; what is never asked counts at once', () => {
  const { kept, flags } = beginning({}, '/', ALL.texts)
  expect(kept).toEqual({ kind: 'full', distro: 'debian', libc: 'musl', with: 'user' })
  expect(flags).toEqual({})
  expect(silentDefaults(parseFlags([]), ALL)).toEqual({ engine: 'podman' })
})

test('a run takes the defaults and says so; a flag wins, and quiet says nothing', async () => {
  const env = envWith('{"libc": "musl"}')
  const plan = async (...argv: string[]) => {
    const { folder, env: own } = openRecorder({ plays: MINIMAL })
    const io = ioIn({ folder, env: { ...own, ...env } })
    await create(['--script', 'sh', '--kind', 'minimal', ...argv], io)
    return io.written
  }
  const taken = await plan()
  expect(taken.err).toBe(`Defaults from ${defaultsPath(env)}: libc musl\n`)
  expect(taken.out).toContain('musl')
  const other = await plan('--libc', 'glibc')
  expect(other.err).toBe('')
  expect(other.out).not.toContain('musl-gcc')
})

test('the schema has what may be a default, and no other', () => {
  const file = new URL('../../docs/schema/config.schema.json', import.meta.url)
  const schema = JSON.parse(readFileSync(file, 'utf8')) as { properties: object }
  expect(Object.keys(schema.properties).sort()).toEqual([...DEFAULTABLE, '$schema'].sort())
  const fits = new Ajv({ strict: true }).compile(schema)
  expect(fits({ $schema: 'x', libc: 'musl', engine: 'podman', with: 'user,tmp' })).toBe(true)
  expect(fits({ libc: 'newlib' })).toBe(false)
  expect(fits({ tag: 'x' })).toBe(false)
})

test('doctor says where the file would be, or what it says', () => {
  expect(defaultsCheck({ HOME: '/nowhere', APPDATA: '/nowhere' }).says).toMatch(
    /^none in .*config\.json$/,
  )
  expect(defaultsCheck(envWith('{"libc": "musl"}')).says).toMatch(/config\.json: libc musl$/)
})
