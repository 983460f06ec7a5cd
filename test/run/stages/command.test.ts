import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { CommandStage } from '../../../src/plan/types.ts'
import { endOf, exactCommand, startCommand } from '../../../src/run/stages/command.ts'

const posix = test.skipIf(process.platform === 'win32')

const stageOf = (program: string, args: readonly string[], more: object = {}): CommandStage => ({
  kind: 'command',
  program,
  args,
  ...more,
})

const env = { PATH: process.env['PATH'] ?? '' }

const nameOf = (program: string, args: readonly string[], more: object = {}): string => {
  const stage = startCommand(
    stageOf(program, args, more),
    { cwd: '/', env: {}, resolve: String },
    'ignore',
  )
  void stage.ended
  return stage.name
}

posix('a command is named by its program and the word that says what it does', () => {
  expect(nameOf('no-such', ['build', '--tag', 'x'])).toBe('no-such build')
  expect(nameOf('no-such', ['-c', 'x'])).toBe('no-such')
  expect(nameOf('no-such', [])).toBe('no-such')
  // The terminal around it is not part of what it does.
  expect(nameOf('no-such', ['push', 'x'], { inTerminal: true })).toBe('no-such push')
})

test('the harness stands after the first argument, and a terminal around all', () => {
  const push = stageOf('docker', ['push', 'a b'], { harness: ['--quiet'] })
  expect(exactCommand(push, String)).toEqual(['docker', 'push', '--quiet', 'a b'])
  expect(exactCommand(stageOf('docker', [], { harness: ['-x'] }), String)).toEqual(['docker', '-x'])
  expect(exactCommand({ ...push, inTerminal: true }, String)).toEqual([
    'script',
    '-qefc',
    "stty cols 200; exec docker push --quiet 'a b'",
    '/dev/null',
  ])
})

test('how a child ended is told in our words', () => {
  expect(endOf({ exitCode: 0 })).toEqual({ exitCode: 0, note: null })
  expect(endOf({ exitCode: 7, signal: 'SIGTERM' })).toEqual({ exitCode: 7, note: null })
  expect(endOf({ signal: 'SIGKILL' })).toEqual({
    exitCode: null,
    note: 'it was ended by SIGKILL',
    signal: 'SIGKILL',
  })
  expect(endOf({ code: 'ENOENT' })).toEqual({
    exitCode: null,
    note: 'the program is not on this machine',
  })
  expect(endOf({ code: 'EACCES', shortMessage: 'Command failed' }, '/nowhere')).toEqual({
    exitCode: null,
    note: 'Command failed',
  })
  expect(endOf({})).toEqual({ exitCode: null, note: null })
})

posix('a folder that went away is not taken for a program that is missing', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'command-'))
  const end = async () => {
    const stage = startCommand(stageOf('sh', ['-c', ':']), { cwd, env, resolve: String }, 'ignore')
    stage.stdout.resume()
    stage.stderr.resume()
    return stage.ended
  }
  expect(await end()).toEqual({ exitCode: 0, note: null })
  rmSync(cwd, { recursive: true })
  expect(await end()).toEqual({ exitCode: null, note: `the folder ${cwd} is no longer there` })
  const lacking = startCommand(stageOf('no-such', []), { cwd: '/', env, resolve: String }, 'ignore')
  expect(await lacking.ended).toMatchObject({ note: 'the program is not on this machine' })
})
