import { readFileSync } from 'node:fs'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runPipeline } from '../../src/run/pipeline.ts'
import type { Running } from '../../src/run/stage.ts'
import { startCommand } from '../../src/run/stages/command.ts'

const start = (command: string, stdin: 'pipe' | 'ignore' = 'pipe'): Running =>
  startCommand(
    { kind: 'command', program: 'sh', args: ['-c', command] },
    { cwd: '/', env: { PATH: process.env['PATH'] ?? '' }, resolve: String },
    stdin,
  )

const run = async (stages: Running[], input: string | null = null, inputBefore = '') => {
  let stdout = ''
  let stderr = ''
  const end = await runPipeline(stages, {
    input,
    inputBefore,
    stdout: chunk => void (stdout += Buffer.from(chunk).toString()),
    stderr: chunk => void (stderr += Buffer.from(chunk).toString()),
    end: () => undefined,
  })
  return { end, stdout, stderr }
}

test.skipIf(process.platform === 'win32')(
  'what one stage prints is what the next one reads',
  async () => {
    const { end, stdout } = await run([
      start('seq 1 20000', 'ignore'),
      start('tail -n 1'),
      start('cat'),
    ])
    expect([end.exitCode, stdout]).toEqual([0, '20000\n'])
  },
)

test.skipIf(process.platform === 'win32')(
  'a stage whose producer fails never sees the end of its input',
  async () => {
    const consumer = start('cat > /dev/null; echo "took it"')
    const { end, stdout } = await run([start('echo half; exit 3', 'ignore'), consumer])
    expect([end.exitCode, end.name, stdout]).toEqual([3, 'sh', ''])
  },
)

test.skipIf(process.platform === 'win32')(
  'a producer that prints on after its consumer has ended is not an error of ours',
  async () => {
    const { end } = await run([
      start('yes | head -n 200000; exit 0', 'ignore'),
      start('head -n 1; exit 4'),
    ])
    expect(end.exitCode).toBe(4)
  },
)

test.skipIf(process.platform === 'win32')(
  'a file feeds the first stage, byte for byte',
  async () => {
    const file = fileURLToPath(import.meta.url)
    const { end, stdout } = await run([start('cat'), start('cat')], file)
    expect([end.exitCode, stdout]).toEqual([0, readFileSync(file, 'utf8')])
  },
)

test.skipIf(process.platform === 'win32')('a text may come before that file', async () => {
  const file = fileURLToPath(import.meta.url)
  const { stdout } = await run([start('cat')], file, 'login=x\n')
  expect(stdout).toBe(`login=x\n${readFileSync(file, 'utf8')}`)
})

test.skipIf(process.platform === 'win32')(
  'a program that is not there is told by name',
  async () => {
    const stage = startCommand(
      { kind: 'command', program: 'no-such-program', args: [] },
      { cwd: '/', env: {}, resolve: String },
      'ignore',
    )
    const { end } = await run([stage])
    expect(end).toMatchObject({
      exitCode: null,
      name: 'no-such-program',
      note: 'the program is not on this machine',
    })
  },
)

test('a reader that fails ends every stage', async () => {
  const killed: string[] = []
  const stage: Running = {
    name: 'endless',
    stdin: null,
    stdout: Readable.from(['a']),
    stderr: new PassThrough().end(),
    ended: Promise.resolve({ exitCode: 0, note: null }),
    kill: async () => void killed.push('endless'),
  }
  const use = {
    input: null,
    stdout: () => {
      throw new Error('the view broke')
    },
    stderr: () => undefined,
    end: () => undefined,
  }
  await expect(runPipeline([stage], use)).rejects.toThrow('the view broke')
  expect(killed).toEqual(['endless'])
})

/** A stage that has ended like this and printed these chunks. */
const ended = (name: string, exitCode: number | null, ...chunks: string[]): Running => ({
  name,
  stdin: new PassThrough(),
  stdout: Readable.from(chunks.map(text => Buffer.from(text))),
  stderr: Readable.from([]),
  ended: Promise.resolve({ exitCode, note: null }),
  kill: async () => undefined,
})

const NOTHING = {
  input: null,
  stdout: () => undefined,
  stderr: () => undefined,
  end: () => undefined,
}

const endOf = async (...codes: (number | null)[]) => {
  const stages = codes.map((code, at) => ended(`stage ${at}`, code))
  const { name, exitCode } = await runPipeline(stages, NOTHING)
  return [name, exitCode]
}

test('a pipeline ends as its first stage that says why it failed, then as one that does not, else as its last', async () => {
  expect(await endOf(0, 0, 0)).toEqual(['stage 2', 0])
  expect(await endOf(null, 3, 4)).toEqual(['stage 1', 3])
  expect(await endOf(0, null, 0)).toEqual(['stage 1', null])
  expect(await endOf(5, null)).toEqual(['stage 0', 5])
})

test('what is handed over is counted, chunk by chunk, and an end that came too early is told', async () => {
  const passed: number[] = []
  const missing = (bytes: number): string | null => (bytes === 6 ? null : `only ${bytes}`)
  const hand = (exitCode: number, ...chunks: string[]) => {
    const taker = ended('taker', 0)
    ;(taker.stdin as PassThrough).resume()
    return runPipeline([ended('giver', exitCode, ...chunks), taker], {
      ...NOTHING,
      passed: chunk => void passed.push(chunk.byteLength),
      missing,
    })
  }
  expect(await hand(0, 'abc', 'def')).toMatchObject({ name: 'taker', exitCode: 0 })
  expect(passed).toEqual([3, 3])
  await expect(hand(0, 'abc')).rejects.toMatchObject({ name: 'CutShort', message: 'only 3' })
  // One that failed says why by itself.
  expect(await hand(1, 'abc')).toMatchObject({ name: 'giver', exitCode: 1 })
})

test('all has been read before the end is told, and a file that is not there is an error of its own', async () => {
  const order: string[] = []
  await runPipeline([ended('one', 0, 'a', 'b')], {
    ...NOTHING,
    stdout: async chunk => {
      await new Promise(resolve => setTimeout(resolve, 5))
      order.push(Buffer.from(chunk).toString())
    },
    end: () => void order.push('end'),
  })
  expect(order).toEqual(['a', 'b', 'end'])
  await expect(
    runPipeline([ended('one', 0)], { ...NOTHING, input: '/nowhere/file' }),
  ).rejects.toMatchObject({ code: 'ENOENT' })
})

/** A stage that ends well, though its stdout breaks with an error of this code after a chunk. */
const breaking = (code: string): Running => ({
  ...ended('giver', 0),
  stdout: Readable.from(
    (async function* () {
      yield Buffer.from('abc')
      await Promise.reject(Object.assign(new Error(code), { code }))
    })(),
  ),
})

test.each([
  'EPIPE',
  'ECONNRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_DESTROYED',
  'ABORT_ERR',
])(
  'a reader or a writer that has gone (%s) is no error of ours: how it ended tells why',
  async code => {
    const taker = ended('taker', 4)
    const pair = [breaking(code), taker]
    expect(await runPipeline(pair, { ...NOTHING, missing: () => 'cut' })).toMatchObject({
      name: 'taker',
      exitCode: 4,
    })
    expect(await runPipeline([breaking(code)], NOTHING)).toMatchObject({ exitCode: 0 })
  },
)

test('any other error of a stream is one', async () => {
  await expect(runPipeline([breaking('EIO')], NOTHING)).rejects.toThrow('EIO')
  await expect(runPipeline([breaking('EIO'), ended('taker', 0)], NOTHING)).rejects.toThrow('EIO')
})
