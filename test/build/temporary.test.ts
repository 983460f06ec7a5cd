import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const posix = test.skipIf(process.platform === 'win32')
const scripts = new URL('../../scripts/temporary/', import.meta.url)

/** A folder that scripts take for the one of temporary things. */
const place = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'cbi-temporary-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a script that has imported `what`; it has said something once it stands still. */
const start = async (within: string, what: string, text: string) => {
  const script = join(within, 'script.mjs')
  writeFileSync(script, `import { ${what} } from '${new URL(fileOf(what), scripts).href}'\n${text}`)
  const tmp = join(within, 'tmp')
  mkdirSync(tmp, { recursive: true })
  const env = { ...process.env, TMPDIR: tmp }
  const child = spawn(process.execPath, [script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  return { child, tmp }
}

const fileOf = (what: string): string => (what === 'temporaryFolder' ? 'folder.mjs' : 'run.mjs')

const HOLDS = `const folder = temporaryFolder('held-')
console.log('ready')
`

posix.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a script that %s stops leaves no folder',
  async signal => {
    const { child, tmp } = await start(
      place(),
      'temporaryFolder',
      `${HOLDS}setInterval(() => {}, 1000)`,
    )
    expect(readdirSync(tmp)).toEqual([expect.stringMatching(/^held-/)])
    const closed = once(child, 'close')
    child.kill(signal)
    expect(await closed).toEqual([{ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal], null])
    expect(readdirSync(tmp)).toEqual([])
  },
)

posix.each(['', "throw new Error('no')"])('nor does one that ends by itself: %s', async end => {
  const { child, tmp } = await start(
    place(),
    'temporaryFolder',
    `${HOLDS}${end.replace('throw', 'console.error = () => {}; process.on("uncaughtException", () => process.exit(1)); throw')}`,
  )
  if (child.exitCode === null) await once(child, 'close')
  expect(readdirSync(tmp)).toEqual([])
})

posix('what a stopped script runs ends first, and its folder goes', async () => {
  const within = place()
  const program = join(within, 'program.mjs')
  const gone = join(within, 'gone')
  writeFileSync(
    program,
    `import { mkdirSync, writeFileSync } from 'node:fs'
mkdirSync(process.env.TMPDIR + '/engine')
process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(gone)}, ''); process.exit(0) })
setInterval(() => {}, 1000)
console.log('ready')
`,
  )
  const text = `process.exitCode = await runInFolder('run-', [process.execPath, ${JSON.stringify(program)}])\n`
  const { child, tmp } = await start(within, 'runInFolder', text)
  expect(readdirSync(tmp)).toHaveLength(1)
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  expect(await closed).toEqual([143, null])
  expect(existsSync(gone)).toBe(true)
  expect(readdirSync(tmp)).toEqual([])
})

posix('one that ends by itself gives its exit code', async () => {
  const text = `process.exitCode = await runInFolder('run-', ['sh', '-c', 'exit 7'])\n`
  const { child, tmp } = await start(place(), 'runInFolder', text)
  if (child.exitCode === null) await once(child, 'close')
  expect(child.exitCode).toBe(7)
  expect(readdirSync(tmp)).toEqual([])
})
