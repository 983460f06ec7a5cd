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
