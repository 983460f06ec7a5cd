import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { createByQuestions } from '../../src/app/by-questions.ts'
import type { Asker } from '../../src/ask/asker.ts'
import { parseFlags } from '../../src/ask/flags.ts'
import { Leave } from '../../src/ask/asker.ts'
import { ioIn } from './io.ts'

const { asked, replies } = vi.hoisted(() => ({
  asked: [] as string[],
  replies: [] as [message: string, reply: string][],
}))

// A person at a keyboard, as far as the way through the program sees one.
vi.mock('../../src/ask/prompt.ts', () => ({
  promptAsker: ({ drawn }: { readonly drawn: () => void }): Asker => {
    const answer = (message: string, initial: string): string => {
      drawn()
      asked.push(message)
      if (asked.length > 40) throw new Error(`No end: ${message}`)
      if (!message.includes(replies[0]?.[0] ?? '\0')) return initial
      const [, reply] = replies.shift()!
      if (reply === 'ctrl-c') throw new Leave('ctrl-c')
      return reply
    }
    return {
      page: () => undefined,
      settle: () => undefined,
      choose: async ({ message, initial, options }) =>
        answer(message, initial ?? options[0]!.value),
      write: async ({ message, standard, typed }) => answer(message, typed || standard),
    }
  },
}))

beforeEach(() => {
  asked.length = 0
  replies.length = 0
})

const posix = test.skipIf(process.platform === 'win32')

const run = (recorder: Recorder, ...said: [string, string][]) => runIn('', recorder, said)

const runIn = async (folder: string, recorder: Recorder, said: [string, string][]) => {
  replies.push(...said)
  const io = { ...ioIn(recorder), cwd: join(recorder.folder, folder) }
  // No compiler is found: the container's is taken.
  const env = { ...recorder.env, PATH: '' }
  const flags = parseFlags(['--verbose'], env)
  const code = await createByQuestions(flags, {
    ...io,
    env,
    terminal: { ...io.terminal, canAsk: true },
  })
  expect(replies).toEqual([])
  return { code, ...io.written }
}

posix('Enter to the end makes a minimal image', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { code, out } = await run(recorder)
  expect(code).toBe(0)
  expect(asked[0]).toContain('What kind')
  expect(asked.at(-1)).toBe('Ready to run?')
  expect(out).toContain('Hello from the recorder')
})

posix('leaving at the review makes nothing', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { code } = await run(recorder, ['Ready to run?', 'leave'])
  expect(code).toBe(130)
  expect(readdirSync(recorder.folder)).toEqual([])
  expect(recorder.asked('create')).toEqual([])
})

posix('Ctrl-C at a question ends with 130 and makes nothing', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  expect((await run(recorder, ['What kind', 'ctrl-c'])).code).toBe(130)
  expect(readdirSync(recorder.folder)).toEqual([])
})

posix('the script of the answers is printed in place of the run', async () => {
  const recorder = openRecorder({ plays: MINIMAL })
  const { code, out } = await run(recorder, ['Ready to run?', 'script'])
  expect(code).toBe(0)
  expect(out).toMatch(/#!\/bin\/sh/)
  expect(recorder.asked('create')).toEqual([])
})

posix('a failed step can be tried again, and the run goes on from there', async () => {
  const recorder = openRecorder({
    plays: MINIMAL,
    faults: [{ to: 'build .', times: 1, exitCode: 1 }],
  })
  const { code } = await run(recorder, ['What now?', 'retry'])
  expect(code).toBe(0)
  expect(recorder.asked('create').filter(({ words }) => words.includes('-static'))).toHaveLength(1)
})

posix('after a failed step another answer can be given, and it runs with that', async () => {
  const plays = [...MINIMAL, { of: 'other', stdout: 'Hello from the other\n' }]
  const recorder = openRecorder({ plays, faults: [{ to: 'build .', times: 1, exitCode: 1 }] })
  const { code } = await run(
    recorder,
    ['What now?', 'change'],
    ['Ready to run?', 'change'],
    ['Which answer?', 'tag'],
    ['called', 'other'],
  )
  expect(code).toBe(0)
  expect(recorder.images()).toContain('other:latest')
})

posix('leaving after a failed step keeps its exit code', async () => {
  const recorder = openRecorder({ plays: MINIMAL, faults: [{ to: 'build .', exitCode: 1 }] })
  expect((await run(recorder, ['What now?', 'stop'])).code).toBe(1)
})

posix(
  'inside a project folder it is built again, checked, or made from another answer',
  async () => {
    const plays = [...MINIMAL, { of: 'other', stdout: 'Hello from the other\n' }]
    const recorder = openRecorder({ plays })
    await run(recorder)
    const compiles = (): number =>
      recorder.asked('create').filter(({ words }) => words.includes('-static')).length
    asked.length = 0
    expect((await runIn('hello', recorder, [['What would you like to do?', 'check']])).code).toBe(0)
    expect([asked, compiles()]).toEqual([['What would you like to do?'], 1])
    expect((await runIn('hello', recorder, [['What would you like to do?', 'again']])).code).toBe(0)
    expect(compiles()).toBe(2)
    const { code } = await runIn('hello', recorder, [
      ['What would you like to do?', 'change'],
      ['Which answer?', 'tag'],
      ['called', 'other'],
    ])
    expect(code).toBe(0)
    expect(readFileSync(join(recorder.folder, 'hello/answers.json'), 'utf8')).toContain('"other"')
    expect(readdirSync(recorder.folder).filter(name => !name.startsWith('.'))).toEqual(['hello'])
  },
)

posix(
  'inside a project folder another image gets the usual questions, and leaving makes nothing',
  async () => {
    const recorder = openRecorder({ plays: MINIMAL })
    await run(recorder)
    asked.length = 0
    const other = await runIn('hello', recorder, [
      ['What would you like to do?', 'other'],
      ['What kind', 'ctrl-c'],
    ])
    expect(other.code).toBe(130)
    expect((await runIn('hello', recorder, [['What would you like to do?', 'leave']])).code).toBe(
      130,
    )
  },
)
