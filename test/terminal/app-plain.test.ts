import { expect } from 'vitest'
import { engineWith, linux, RAW_FLAGS, useApp } from './app.ts'
import { KEY } from './terminal.ts'

const app = useApp()

const COLOUR = /\u001b\[[0-9;]*m/

linux.each([
  ['TERM', 'dumb'],
  ['ACCESSIBLE', '1'],
  ['INK_SCREEN_READER', '1'],
])(
  '%s=%s: numbered questions and one line an event, without any escape code',
  async (name, value) => {
    const env = { [name]: value }
    const flags = ['--kind', 'minimal', '--program', 'raw']
    const terminal = app.open(flags, { docker: engineWith(), env, rows: 90, cols: 120 })
    await terminal.waitFor(/image be called[^]*: *$/)
    terminal.write(KEY.enter)
    await terminal.waitFor(/Which folder[^]*: *$/)
    terminal.write(KEY.enter)
    await terminal.waitFor(/Ready to run[^]*1\. Run it[^]*: *$/)
    terminal.write('1\r')
    expect(await terminal.exit()).toBe(0)
    expect(terminal.screen()).toMatch(/00:0\d ok Check the engine[^]*Hello from the stand-in/)
    expect(terminal.raw()).not.toContain('\u001b')
  },
)

linux('NO_COLOR: no colour codes, and the run is still drawn live', async () => {
  const env = { NO_COLOR: '1' }
  const terminal = app.open(RAW_FLAGS, { docker: engineWith(), env, rows: 60 })
  expect(await terminal.exit()).toBe(0)
  expect(terminal.raw()).not.toMatch(COLOUR)
  expect(terminal.raw()).toMatch(/[◐◓◑◒]/)
})

linux('CI in a terminal: no questions, exit 2, and --yes is named', async () => {
  const terminal = app.open([], { env: { CI: '1' } })
  expect(await terminal.exit()).toBe(2)
  expect(terminal.screen()).toContain('create-base-image --yes')
  expect(terminal.raw()).not.toMatch(/What kind|\u001b/)
})

linux('CI in a terminal with --yes: lines without any escape code', async () => {
  const terminal = app.open(RAW_FLAGS, { docker: engineWith(), env: { CI: '1' }, rows: 60 })
  expect(await terminal.exit()).toBe(0)
  expect(terminal.screen()).toMatch(/ok Check the engine/)
  expect(terminal.raw()).not.toContain('\u001b')
})

linux('into a pipe: lines without any escape code', async () => {
  const shell = '"$0" "$@" | cat; echo "code ${PIPESTATUS[0]}"'
  const terminal = app.open(RAW_FLAGS, { docker: engineWith(), shell, rows: 60 })
  await terminal.exit()
  expect(terminal.screen()).toMatch(/ok Check the engine[^]*Hello from the stand-in[^]*code 0$/)
  expect(terminal.raw()).not.toContain('\u001b')
})

linux.each([
  ['stdin from nothing', '"$0" "$@" </dev/null'],
  ['stdin closed', '"$0" "$@" <&-'],
  ['stdout into a pipe', '"$0" "$@" | cat; (exit ${PIPESTATUS[0]})'],
])('%s: nobody can be asked, which is exit 2 and names --yes', async (_, shell) => {
  const terminal = app.open([], { shell: `${shell}; echo "code $?"` })
  await terminal.exit()
  expect(terminal.screen()).toMatch(/create-base-image --yes[^]*code 2$/)
  expect(terminal.raw()).not.toContain('\u001b')
})

linux('stdin closed with --yes: it runs to its end', async () => {
  const shell = '"$0" "$@" <&-; echo "code $?"'
  const terminal = app.open(RAW_FLAGS, { docker: engineWith(), shell, rows: 60 })
  await terminal.exit()
  expect(terminal.screen()).toMatch(/Hello from the stand-in[^]*code 0$/)
})

linux('--json in a terminal: an event a line, and nothing else', async () => {
  const args = [...RAW_FLAGS, '--json']
  const terminal = app.open(args, { docker: engineWith(), rows: 60, cols: 200 })
  expect(await terminal.exit()).toBe(0)
  const types = terminal
    .raw()
    .trim()
    .split('\r\n')
    .map(line => (JSON.parse(line) as { type: string }).type)
  expect([types[0], types.at(-1)]).toEqual(['plan', 'outcome'])
})

linux('--json without --yes asks nothing: exit 2 as an event', async () => {
  const terminal = app.open(['--json'], { cols: 200 })
  expect(await terminal.exit()).toBe(2)
  expect(terminal.screen()).toMatch(/"type":"refused","exitCode":2/)
})
