import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Stage, Step } from '../../../src/plan/types.ts'
import { digestOf } from '../../../src/run/project/files.ts'
import type { Project } from '../../../src/run/project/project.ts'
import { isRecorded, recordOf } from '../../../src/run/project/records.ts'
import { room } from '../../oci/room.ts'

const posix = test.skipIf(process.platform === 'win32')

const COMMAND: Stage = { kind: 'command', program: 'cc', args: ['-static'] }
const CRAFT: Stage = { kind: 'craft', craft: 'write-users', input: { files: [] }, shown: [] }

const stepOf = (change: Partial<Step> = {}): Step => ({
  id: 'run',
  title: '',
  why: '',
  pipeline: [COMMAND],
  to: { kind: 'log' },
  reader: 'lines',
  ...change,
})

const projectIn = async (): Promise<Project> => ({
  directory: await room(),
  kind: 'resumed',
  state: { version: 1, finished: false, answers: {}, written: {}, steps: {} },
  made: false,
  wasEmpty: false,
})

/** Whether the step counts as run after this has been done to what it made. */
const stillRecorded = async (
  step: Step,
  project: Project,
  does: () => void = () => undefined,
): Promise<boolean> => {
  const record = (await recordOf(step, project))!
  project.state = { ...project.state, steps: { run: record } }
  does()
  return isRecorded(step, project)
}

posix(
  'a step is known by its commands, its sink and its inputs; our own work by its Node too',
  async () => {
    const project = await projectIn()
    writeFileSync(join(project.directory, 'in'), 'source')
    const keyOf = async (change: Partial<Step>) =>
      (await recordOf(stepOf({ outputs: [], ...change }), project))!.key
    const to = { kind: 'log' }
    expect(await keyOf({})).toBe(digestOf(JSON.stringify([[COMMAND], to, []])))
    expect(await keyOf({ inputs: ['in', 'none'] })).toBe(
      digestOf(JSON.stringify([[COMMAND], to, [digestOf('source'), null]])),
    )
    expect(await keyOf({ pipeline: [CRAFT] })).toBe(
      digestOf(JSON.stringify([[CRAFT], to, [], process.versions.node])),
    )
  },
)

posix('a step that makes nothing lasting has no record, and is never done', async () => {
  const project = await projectIn()
  expect(await recordOf(stepOf(), project)).toBeNull()
  project.state = { ...project.state, steps: { run: { key: '', outputs: {} } } }
  expect(await isRecorded(stepOf(), project)).toBe(false)
})

posix('what it was to make and did not make is made again', async () => {
  const project = await projectIn()
  const step = stepOf({ outputs: ['made'] })
  expect((await recordOf(step, project))!.outputs).toEqual({ made: '' })
  expect(await stillRecorded(step, project)).toBe(false)
})

posix(
  'a program that not everybody may run any more is made again; a file of the image’s tree is not',
  async () => {
    const project = await projectIn()
    const at = (path: string): string => join(project.directory, path)
    mkdirSync(at('files'))
    for (const path of ['made', 'files/made']) writeFileSync(at(path), 'x', { mode: 0o755 })
    const program = stepOf({ outputs: ['made'] })
    expect(await stillRecorded(program, project)).toBe(true)
    expect(await stillRecorded(program, project, () => chmodSync(at('made'), 0o744))).toBe(false)
    const data = stepOf({ outputs: ['files/made'] })
    expect(await stillRecorded(data, project, () => chmodSync(at('files/made'), 0o644))).toBe(true)
  },
)

posix('a folder counts with each file in it, by name and content, and with its links', async () => {
  const project = await projectIn()
  const at = (path: string): string => join(project.directory, 'files', path)
  mkdirSync(at('deep'), { recursive: true })
  writeFileSync(at('deep/a'), 'a')
  writeFileSync(at('b'), 'b')
  symlinkSync('b', at('link'))
  const step = stepOf({ outputs: ['files'] })
  const record = await recordOf(step, project)
  expect(await stillRecorded(step, project)).toBe(true)
  for (const [does, undo] of [
    [() => writeFileSync(at('deep/a'), 'other'), () => writeFileSync(at('deep/a'), 'a')],
    [() => writeFileSync(at('c'), ''), () => rmSync(at('c'))],
    [() => rmSync(at('link')), () => symlinkSync('b', at('link'))],
  ] as const) {
    expect(await stillRecorded(step, project, does)).toBe(false)
    undo()
  }
  expect(await recordOf(step, project)).toEqual(record)
  // What a link leads to is not the folder's.
  expect(await stillRecorded(step, project, () => symlinkSync('/etc', at('z')))).toBe(false)
})

posix('a stop ends the look at what is there', async () => {
  const project = await projectIn()
  mkdirSync(join(project.directory, 'files'))
  writeFileSync(join(project.directory, 'files/a'), 'a')
  for (const outputs of [['files'], ['files/a']]) {
    const step = stepOf({ outputs })
    await stillRecorded(step, project)
    await expect(isRecorded(step, project, AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT')
  }
})
