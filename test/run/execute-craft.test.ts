import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { contextOf, sh, step } from './step-context.ts'
import { madeTar } from '../oci/make-tar.ts'
import type { Stage } from '../../src/plan/types.ts'
import { executePipeline } from '../../src/run/execute.ts'
import { runStep } from '../../src/run/step.ts'

const posix = test.skipIf(process.platform === 'win32')

const UNPACKS: Stage = {
  kind: 'craft',
  craft: 'unpack-zones',
  input: { folder: 'files/usr/share/zoneinfo' },
  shown: [],
}

const opened = (body: string) => {
  const opened = contextOf()
  writeFileSync(join(opened.directory, 'zones.tar'), madeTar([{ path: 'Europe/London', body }]))
  return opened
}

const PIPELINE = [sh('cat zones.tar'), UNPACKS]

posix('what a craft at the end of a pipeline makes of it is the result of its step', async () => {
  const { context, directory, events } = opened('TZif2')
  expect(await executePipeline(step('', { pipeline: PIPELINE }), context)).toMatchObject({
    failed: null,
    result: '1 file',
  })
  expect(existsSync(join(directory, 'files/usr/share/zoneinfo/Europe/London'))).toBe(true)
  expect(await runStep(step('', { pipeline: PIPELINE, result: 'not this' }), context)).toBeNull()
  expect(events.at(-1)).toMatchObject({ type: 'step-done', result: '1 file' })
})

posix('what a craft refuses is told in its own words, and with its own way out', async () => {
  const { context, directory } = opened('no zone')
  expect(
    await runStep(step('', { pipeline: PIPELINE, todo: ['Not this.'] }), context),
  ).toMatchObject({
    exitCode: null,
    message: 'No time zones came: the file of Europe/London is missing.',
    lastLines: [],
    remedy: { code: 'no-zones', todo: [expect.stringContaining('tzdata') as string] },
  })
  expect(existsSync(join(directory, 'files'))).toBe(false)
})

posix('a craft whose producer failed has nothing to say', async () => {
  const { context } = opened('TZif2')
  const pipeline = [sh('cat zones.tar; exit 5'), UNPACKS]
  expect((await executePipeline(step('', { pipeline }), context)).failed).toEqual({
    exitCode: 5,
    message: 'sh ended with exit code 5.',
  })
})

posix('what a craft alone tells is told line by line, and what it learnt is kept', async () => {
  const { context, events, directory } = opened('')
  const users: Stage = {
    kind: 'craft',
    craft: 'write-raw',
    input: { file: 'raw', arch: 'amd64', message: 'hi' },
    shown: [],
  }
  const writes = step('', { pipeline: [users], outputs: ['raw'], result: '{output.bytes}' })
  expect(await runStep(writes, context)).toBeNull()
  const [line] = events.filter(({ type }) => type === 'output')
  expect(line).toMatchObject({
    source: 'stdout',
    step: 's',
    line: expect.stringMatching(/^raw: \d+ bytes$/) as string,
  })
  expect(events.at(-1)).toMatchObject({ result: context.values.get('output.bytes') })
  const inspects: Stage = {
    kind: 'craft',
    craft: 'inspect-program',
    input: { file: 'raw', arch: 'amd64' },
    shown: [],
  }
  expect(await runStep(step('', { id: 'inspect', pipeline: [inspects] }), context)).toBeNull()
  expect(context.values.get('program.bytes')).toBe(context.values.get('output.bytes'))
  expect(events.at(-1)).toMatchObject({ result: 'ELF, amd64, static, needs nothing' })
  expect(existsSync(join(directory, '.create-base-image/made/sbom.cdx.json'))).toBe(true)
})
