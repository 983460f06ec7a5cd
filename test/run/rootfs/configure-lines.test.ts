import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { configureFailed, hearConfigure } from '../../../src/run/rootfs/configure-lines.ts'
import { isPipeError } from '../../../src/run/rootfs/pipe-error.ts'

const heard = async (...streams: string[]) => {
  const lines: string[] = []
  const { ended, result: said } = hearConfigure(
    streams.map(text => Readable.from([text])),
    line => void lines.push(line),
  )
  await ended
  return { lines, ...said() }
}

test('each line is heard; the last fifteen of the programs are kept, and the first failure', async () => {
  const many = Array.from({ length: 20 }, (_, at) => `line ${at}`)
  const { lines, last, failure } = await heard(
    ['P: 1', 'T: x', 'F: base-files', ...many, 'F: later', ''].join('\n'),
  )
  expect(lines).toHaveLength(24)
  expect(last).toEqual(many.slice(5))
  expect(failure).toBe('base-files')
  const both = await heard('one\n', 'two')
  expect([both.lines.toSorted(), both.failure]).toEqual([['one', 'two'], null])
})

test('a failure without a package is told by its last lines alone', () => {
  const todo = ['Do it.']
  expect(configureFailed({ failure: null, last: ['a', 'b'] }, todo)).toMatchObject({
    code: 'configure-failed',
    message: 'The packages could not be configured:\na\nb',
    todo,
  })
})

test('who reads a tree has ended by himself when the pipe breaks, and for no other error', () => {
  const error = (code?: string) => Object.assign(new Error('x'), { code })
  for (const code of ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'])
    expect(isPipeError(error(code)), code).toBe(true)
  for (const code of ['ENOSPC', 'EIO', '', undefined]) expect(isPipeError(error(code))).toBe(false)
})
