import { execFileSync } from 'node:child_process'
import { expect } from 'vitest'
import { says } from '../stand-in/stand-in.ts'
import { AND_TELL, endlessEngine, linux, MODES, RAW_FLAGS, troubles, useApp } from './app.ts'
import { NODE } from './demo.ts'
import { KEY, type Terminal } from './terminal.ts'

const app = useApp()

const inLongStep = async (docker = endlessEngine(), args = RAW_FLAGS): Promise<Terminal> => {
  const terminal = app.open(args, { docker, shell: AND_TELL, rows: 40 })
  await terminal.waitFor(/The container waits[^]*Ctrl-C stop$/)
  return terminal
}

const childOf = (pid: number): number =>
  Number(execFileSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }))

linux('Ctrl-C in a long step stops it and leaves nothing: no folder, no client', async () => {
  const terminal = await inLongStep()
  expect(app.clients()).toHaveLength(1)
  terminal.write(KEY.ctrlC)
  await terminal.exit()
  expect(terminal.screen()).toMatch(/Stopping[^]*Stopped\. Nothing is left running\./)
  expect([troubles(terminal, 130), app.made(), app.clients()]).toEqual([[], [], []])
})

linux('a second Ctrl-C does not wait for the end of the cleaning', async () => {
  const terminal = await inLongStep([{ ...says('rm', ''), waits: true }, ...endlessEngine()])
  terminal.write(KEY.ctrlC)
  await terminal.waitFor(/Stopping/)
  terminal.write(KEY.ctrlC)
  await terminal.exit()
  expect(terminal.screen()).toMatch(/Quit at once\.[^\n]*/)
  expect(troubles(terminal, 130)).toEqual([])
  for (const pid of app.clients()) process.kill(pid, 'SIGKILL')
})

linux.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s while live gives the terminal back and is exit code %i', async (signal, code) => {
  const terminal = await inLongStep()
  process.kill(childOf(terminal.pid), signal)
  await terminal.exit()
  expect([troubles(terminal, code), app.clients()]).toEqual([[], []])
  expect(app.made()).toEqual(signal === 'SIGINT' ? [] : ['hello'])
})

linux.each([
  ['Ctrl-Z', (terminal: Terminal) => terminal.write(KEY.ctrlZ)],
  ['a stop by another program', ({ pid }: Terminal) => process.kill(childOf(pid), 'SIGSTOP')],
])('%s gives the terminal to the shell, and fg goes on with keys', async (_, stop) => {
  const terminal = await openShell()
  terminal.write(`${NODE} "$BIN" ${RAW_FLAGS.join(' ')}\r`)
  await terminal.waitFor(/The container waits[^]*Ctrl-C stop$/)
  stop(terminal)
  await terminal.waitFor(/Stopped[^]*shell>$/)
  terminal.write('echo in the $((40 + 2)) shell\r')
  await terminal.waitFor(/\nin the 42 shell\n/)
  terminal.write('fg\r')
  await terminal.waitFor(/in the 42 shell\n[^]*The container waits[^]*Ctrl-C stop$/)
  terminal.write('c')
  await terminal.waitFor(/docker create --name/)
  terminal.write(KEY.ctrlC)
  await terminal.waitFor(/Nothing is left running\.[^]*shell>$/)
  terminal.write(`echo "code $?"; ${MODES}\r`)
  await expect.poll(() => troubles(terminal, 130, 'shell>')).toEqual([])
  terminal.write('exit\r')
  await terminal.exit()
})

const openShell = async (): Promise<Terminal> => {
  const shell = 'PS1="shell> " BIN="$1" exec bash --norc -i'
  const terminal = app.open(RAW_FLAGS, { docker: endlessEngine(), shell, rows: 50 })
  await terminal.waitFor(/shell>/)
  return terminal
}
