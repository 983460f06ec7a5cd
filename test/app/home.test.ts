import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { MINIMAL } from '../recorder/plays.ts'
import { openRecorder, type Recorder } from '../recorder/recorder.ts'
import { create } from '../../src/app/create.ts'
import { ioIn } from './io.ts'

const posix = test.skipIf(process.platform === 'win32')
const plays = [...MINIMAL, { of: 'tool', stdout: 'Hello from the tool\n' }]

const runIn = async (recorder: Recorder, folder: string, ...argv: string[]) => {
  const io = { ...ioIn(recorder), cwd: join(recorder.folder, folder) }
  return { code: await create(argv, io), ...io.written }
}

posix("the folder's name is the image's, and inside the folder --yes makes it again", async () => {
  const recorder = openRecorder({ plays })
  expect((await runIn(recorder, '.', 'tool', '--yes', '--program', 'raw:hi')).code).toBe(0)
  expect(recorder.images()).toContain('tool:latest')
  for (const argv of [['--yes'], ['.', '--yes']]) {
    const { code, out } = await runIn(recorder, 'tool', ...argv)
    expect([code, out]).toEqual([0, expect.stringContaining('as they were')])
  }
  expect((await runIn(recorder, '.', 'tool', '--yes')).code).toBe(0)
  expect(readdirSync(recorder.folder)).toEqual(['tool'])
  const told = await runIn(recorder, 'tool', '--plan', '--json')
  expect(JSON.parse(told.out)).toMatchObject({ answers: { program: 'raw:hi', tag: 'tool' } })
  expect(readFileSync(join(recorder.folder, 'tool/.gitignore'), 'utf8')).toContain('/hello\n')
})

posix('a fresh git folder becomes the project, and an own source in it stays', async () => {
  const recorder = openRecorder({ plays })
  const folder = join(recorder.folder, 'Tool')
  mkdirSync(join(folder, '.git'), { recursive: true })
  writeFileSync(join(folder, 'README.md'), 'mine')
  const made = await runIn(recorder, 'Tool', '.', '--yes', '--program', 'raw')
  expect([made.code, made.err]).toEqual([0, ''])
  expect(made.out).toContain('kept your README.md')
  expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
  expect(recorder.images()).toContain('tool:latest')
})

posix('a project that was cloned is one of ours', async () => {
  const recorder = openRecorder({ plays })
  await runIn(recorder, '.', 'tool', '--yes', '--program', 'raw')
  const [from, to] = ['tool', 'tool-2'].map(name => join(recorder.folder, name)) as [string, string]
  cpSync(from, to, { recursive: true })
  rmSync(join(to, '.create-base-image'), { recursive: true })
  expect((await runIn(recorder, 'tool-2', '--yes')).code).toBe(0)
  expect(existsSync(join(to, '.create-base-image/state.json'))).toBe(true)
})

posix('an answers.json of somebody else is not taken for ours', async () => {
  const recorder = openRecorder({ plays })
  writeFileSync(join(recorder.folder, 'answers.json'), '{"life": 42}')
  for (const name of ['build.sh', 'build.ps1']) writeFileSync(join(recorder.folder, name), '')
  const { out } = await runIn(recorder, '.', '--plan', '--json')
  expect(JSON.parse(out)).toMatchObject({ answers: { tag: 'hello' } })
})
