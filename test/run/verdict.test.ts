import { expect, test } from 'vitest'
import { verdictOf } from '../../src/run/verdict.ts'

const end = (exitCode: number | null, more: { note?: string; signal?: string } = {}) => ({
  name: 'docker run hello',
  exitCode,
  note: more.note ?? null,
  ...(more.signal === undefined ? {} : { signal: more.signal }),
})
const kind = (...words: Parameters<typeof verdictOf>) => verdictOf(...words).kind

test('a program that ends with any code of its own has started', () => {
  expect(verdictOf(end(0), [], false)).toEqual({ kind: 'ran', note: null })
  for (const code of [1, 2, 64, 124, 128, 130, 141, 143, 254, 255])
    expect(verdictOf(end(code), ['usage: /usage FILE'], false)).toEqual({
      kind: 'ran',
      note: `it started, and ended with exit code ${code}`,
    })
})

test('what engines and shells say of a program that they could not start is a failure', () => {
  for (const code of [125, 126, 127]) expect(kind(end(code), [], false)).toBe('failed')
  for (const line of [
    'exec /hello: no such file or directory',
    'exec /hello: permission denied',
    'standard_init_linux.go:228: exec user process caused: no such file or directory',
    'Error: OCI runtime error: crun: open executable: Permission denied',
  ])
    expect(kind(end(1), [line], false), line).toBe('failed')
  expect(kind(end(1), ['cannot exec /bin/sh: no such file or directory'], false)).toBe('ran')
})

test('a crash is a failure, by an engine’s exit code and by the signal itself alike', () => {
  const crashes = { ILL: 132, TRAP: 133, ABRT: 134, BUS: 135, FPE: 136, KILL: 137, SEGV: 139 }
  for (const [name, code] of Object.entries(crashes)) {
    expect(kind(end(code), [], false), name).toBe('failed')
    expect(kind(end(null, { signal: `SIG${name}`, note: 'x' }), [], false), name).toBe('failed')
  }
  expect(verdictOf(end(null, { signal: 'SIGTERM', note: 'x' }), [], false)).toEqual({
    kind: 'ran',
    note: 'it started, and was ended by SIGTERM',
  })
})

test('an engine that was lost and memory that ran out prove nothing', () => {
  expect(kind(end(null, { note: 'the connection to the container was lost' }), [], false)).toBe(
    'failed',
  )
  expect(kind(end(1, { note: 'the kernel ended it' }), [], false)).toBe('failed')
})

test('a program for other processors is not proven, and nothing is wrong with it', () => {
  for (const line of [
    'exec /hello: exec format error',
    'standard_init_linux.go:228: exec user process caused: exec format error',
    'Error: OCI runtime error: crun: exec container process `/hello`: Exec format error',
    '{"msg":"exec container process `/hello`: Exec format error","level":"error"}',
  ]) {
    expect(kind(end(1), [line], true), line).toBe('foreign')
    expect(kind(end(1), [line], false), line).toBe('failed')
  }
})

test('a failure is told with what it means, and what to do', () => {
  expect(verdictOf(end(126), [], false)).toEqual({
    kind: 'failed',
    message:
      'docker run hello ended with exit code 126, which is how engines and shells say that they could not start a program.',
  })
  const todo = [
    'Fix the program, then run the same command: it continues from here.',
    'To see whether the program is at fault, run it on a Linux system of the same kind.',
  ]
  expect(verdictOf(end(139), [], false)).toEqual({
    kind: 'failed',
    message:
      'The program was ended by SIGSEGV (exit code 139): an access to memory that is not its own.',
    todo,
  })
  expect(verdictOf(end(null, { signal: 'SIGSYS', note: 'x' }), [], false)).toEqual({
    kind: 'failed',
    message: 'The program was ended by SIGSYS: a system call that is forbidden here.',
    todo,
  })
  expect(verdictOf(end(null, { note: 'it was lost' }), [], false)).toEqual({
    kind: 'failed',
    message: 'docker run hello did not end by itself: it was lost.',
  })
  expect(verdictOf(end(3, { note: 'it was lost' }), [], false)).toMatchObject({
    message: 'docker run hello ended with exit code 3: it was lost.',
  })
  expect(kind(end(159), [], false)).toBe('failed')
})

test('what only holds the words of a failed start is the program’s own', () => {
  for (const line of [
    'x exec /hello: permission denied',
    'exec /hello: permission denied by me',
    'exec /a b: permission denied',
    'x exec user process caused: y',
    'x{"msg":"exec container process',
  ])
    expect(kind(end(1), [line], false), line).toBe('ran')
  for (const line of ['x exec /hello: exec format error', 'exec hello: exec format error'])
    expect(kind(end(1), [line], true), line).toBe('ran')
})
