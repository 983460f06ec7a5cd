import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { execa as whole } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PLUGIN = new URL('../../scripts/build/execa.mjs', import.meta.url).href
const REQUIRE =
  "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);"

let folder: string
let smaller: typeof whole
let known: readonly string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cbi-execa-'))
  const { smallerExeca, OPTIONS } = (await import(PLUGIN)) as {
    smallerExeca: Plugin
    OPTIONS: readonly string[]
  }
  known = OPTIONS
  const { outputFiles } = await build({
    stdin: { contents: "export { execa } from 'execa'", resolveDir: ROOT },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    banner: { js: REQUIRE },
    plugins: [smallerExeca],
  })
  const file = join(folder, 'execa.mjs')
  await writeFile(file, outputFiles[0]!.contents)
  smaller = ((await import(pathToFileURL(file).href)) as { execa: typeof whole }).execa
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** Options as src gives them; `env` is the whole environment. */
const shared = { env: process.env, extendEnv: false, reject: false, windowsHide: true } as const

const CASES: Readonly<Record<string, readonly [string, object]>> = {
  'what it writes': ["console.log('é 1');console.error(2)", {}],
  'its exit code': ['process.exit(3)', {}],
  'its signal': ["process.kill(process.pid,'SIGKILL')", {}],
  'a text that it reads': [
    'process.stdin.pipe(process.stdout)',
    { input: `${'grüße '.repeat(50_000)}\n` },
  ],
  'an empty stdin': ['process.stdin.pipe(process.stdout)', { stdin: 'ignore' }],
  'more than is kept': ["console.log('x'.repeat(3000))", { maxBuffer: 1000 }],
  'its time': [
    'console.log(1);setInterval(()=>{},1e3)',
    { timeout: 700, forceKillAfterDelay: 200 },
  ],
  'a group of its own': ['console.log(1)', { detached: process.platform !== 'win32' }],
  'where it runs': ['console.log(process.cwd())', { cwd: tmpdir() }],
  'a folder that is not there': ['', { cwd: join(tmpdir(), 'cbi-nowhere') }],
  'no clean-up': ['console.log(1)', { cleanup: false }],
  'our own streams': ['process.exit(2)', { stdio: 'inherit' }],
  'output that it leaves to us': ["console.log('x')", { buffer: false }],
}

test.each(Object.entries(CASES))(
  'the smaller execa gives what the whole one gives: %s',
  async (_, [code, more]) => {
    const run = async (execa: typeof whole) =>
      plain(await execa(process.execPath, ['-e', code], { ...shared, ...more }))
    expect(await run(smaller)).toEqual(await run(whole))
  },
)

test('a program that is not there', async () => {
  const run = async (execa: typeof whole) => plain(await execa('cbi-nothing', ['a b'], shared))
  const answer = await run(smaller)
  expect(answer).toMatchObject({ code: 'ENOENT', failed: true })
  expect(answer).toEqual(await run(whole))
})

test('a program that is stopped', async () => {
  const run = async (execa: typeof whole) => {
    const stop = new AbortController()
    const child = execa(process.execPath, ['-e', 'console.log(1);setInterval(()=>{},1e3)'], {
      ...shared,
      cancelSignal: stop.signal,
    })
    child.stdout.once('data', () => stop.abort())
    return plain(await child)
  }
  const answer = await run(smaller)
  expect(answer).toMatchObject({ isCanceled: true, stdout: '1' })
  expect(answer).toEqual(await run(whole))
})

test('an option whose part is not there is refused', () => {
  expect(() => smaller('node', [], { all: true })).toThrow('execa: all')
})

test('src uses no other options', () => {
  const used = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => readFileSync(join(ROOT, 'src', path), 'utf8'))
    .filter(text => text.includes("from 'execa'"))
    .flatMap(text => text.split(/(?=\bexeca\()/).slice(1))
    .flatMap(call => [...call.split(/^ {2}\}\)/m)[0]!.matchAll(/(?:^ {4}|\{ )(\w+)(?=[:,]| \})/gm)])
    .map(([, name]) => name)
  expect(used).toContain('cancelSignal')
  expect(used).toContain('input')
  expect(used.filter(name => !known.includes(name!))).toEqual([])
})

/** What a result tells, without what is another at each run, and without the sentence on a signal. */
const plain = (result: object): object => {
  const { message, shortMessage } = result as { message?: string; shortMessage?: string }
  const texts = [message, shortMessage].map(text =>
    text?.replaceAll(/(SIG[A-Z]+) \([^)]+\)/g, '$1'),
  )
  const own = Object.entries(result).filter(([name]) => !OTHER.has(name))
  return { ...Object.fromEntries(own), texts }
}

const OTHER = new Set(['durationMs', 'message', 'shortMessage', 'signalDescription'])
