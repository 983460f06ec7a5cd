import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { capture, endChild, letFlow, startChild } from '../../../src/run/process/exec.ts'

const posix = test.skipIf(process.platform === 'win32')
const cwd = realpathSync(tmpdir())
const env = { PATH: process.env['PATH'], OWN: 'ours' }

posix(
  'a short command gives what it printed, in its folder and with just this environment',
  async () => {
    const script = 'pwd; env | grep -c "^OWN=ours$"; env | grep -c "^HOME="; echo bad >&2; exit 3'
    expect(await capture('sh', ['-c', script], { cwd, env, seconds: 10 })).toEqual({
      exitCode: 3,
      stdout: `${cwd}\n1\n0`,
      stderr: 'bad',
    })
  },
)

posix('it gets no stdin, and nothing that it did not print is put in its mouth', async () => {
  expect(await capture('sh', ['-c', 'cat'], { cwd, env, seconds: 10 })).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  })
  expect(await capture('sh', ['-c', 'exit 1'], { cwd, env, seconds: 10 })).toMatchObject({
    stderr: '',
  })
})

posix('one that takes too long is ended, and says so', async () => {
  const late = await capture('sleep', ['60'], { cwd, env, seconds: 0.2 })
  expect(late.exitCode).toBeNull()
  expect(late.stderr).toContain('timed out')
  const talks = await capture('sh', ['-c', 'echo words >&2; exec sleep 60'], {
    cwd,
    env,
    seconds: 0.3,
  })
  expect(talks).toEqual({ exitCode: null, stdout: '', stderr: 'words' })
})

posix('a program that is not there is told in words', async () => {
  const { exitCode, stderr } = await capture('no-such-program', [], { cwd, env, seconds: 5 })
  expect(exitCode).toBeNull()
  expect(stderr).toContain('no-such-program')
})

posix('what it prints waits until it is read, however late that is', async () => {
  const script = 'seq 1 60000; echo bad >&2'
  const child = startChild('sh', ['-c', script], { cwd, env, stdin: 'ignore' })
  await delay(300)
  const [printed, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  expect(printed.split('\n')).toHaveLength(60_001)
  expect([printed.slice(0, 4), said]).toEqual(['1\n2\n', 'bad\n'])
})

posix('one whose output nobody reads ends when it is told to', async () => {
  const child = startChild('sh', ['-c', 'exec seq 1 1000000'], { cwd, env, stdin: 'ignore' })
  await delay(100)
  await endChild(child)
  expect((await child).failed).toBe(true)
})

/** The processes that are of one group. */
const groupOf = async (pid: number): Promise<string[]> => {
  const { stdout } = await capture('ps', ['-eo', 'pgid=,stat='], { cwd, env, seconds: 10 })
  return stdout
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([group, state = '']) => group === String(pid) && !state.startsWith('Z'))
    .map(([group = '']) => group)
}

/** A shell, and when it has said its first word; a child is a promise itself, so none is returned by one. */
const begun = (script: string, stdin: 'ignore' | 'pipe') => {
  const child = startChild('sh', ['-c', script], { cwd, env, stdin })
  const ready = new Promise(resolve => child.stdout.once('data', resolve))
  letFlow(child)
  return { child, ready }
}

posix('a child is of a group of its own, and ends with all that it started', async () => {
  const { child, ready } = begun('sleep 600 & echo ready; wait', 'ignore')
  await ready
  expect(await groupOf(child.pid!)).toHaveLength(2)
  await endChild(child, 5000)
  await expect.poll(() => groupOf(child.pid!)).toEqual([])
  expect((await child).signal).toBe('SIGTERM')
  // One that has ended is not ended again: its number may be another's.
  await endChild(child)
})

posix('one that refuses to end is not asked a second time', async () => {
  const { child, ready } = begun('trap "" TERM; echo ready; while :; do sleep 0.1; done', 'pipe')
  await ready
  const ended = endChild(child, 300)
  await delay(100)
  expect(child.exitCode).toBeNull()
  await ended
  expect((await child).signal).toBe('SIGKILL')
})
