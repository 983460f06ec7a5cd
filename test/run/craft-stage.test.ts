import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runPipeline } from '../../src/run/pipeline.ts'
import type { Project } from '../../src/run/project/project.ts'
import { startCommand } from '../../src/run/stages/command.ts'
import { startCraft } from '../../src/run/stages/craft.ts'
import { madeTar } from '../oci/make-tar.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'craft-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const ZONES = ['files', 'usr', 'share', 'zoneinfo']
const zone = (name: string) => join(folder, ...ZONES, name)

/** Runs `sh -c command` into the craft that unpacks zones. */
const run = async (command: string) => {
  const state = { version: 1, finished: false, answers: {}, written: {}, steps: {} } as const
  const project: Project = { directory: folder, kind: 'new', state, made: true, wasEmpty: false }
  const craft = startCraft(
    {
      kind: 'craft',
      craft: 'unpack-zones',
      input: { folder: ZONES.join('/') },
      shown: [],
    },
    { project, runId: 'test', signal: new AbortController().signal, assets: '' },
  )
  const producer = startCommand(
    { kind: 'command', program: 'sh', args: ['-c', command] },
    { cwd: folder, env: { PATH: process.env['PATH'] ?? '' }, resolve: String },
    'ignore',
  )
  const nothing = (): void => undefined
  const use = { input: null, stdout: nothing, stderr: nothing, end: nothing }
  return { end: await runPipeline([producer, craft], use), craft: craft.craft?.() ?? null }
}

const tar = (body: string): void =>
  writeFileSync(join(folder, 'zones.tar'), madeTar([{ path: 'Europe/London', body }]))

test.skipIf(process.platform === 'win32')('a craft reads what a command prints', async () => {
  tar('TZif2')
  expect(await run('cat zones.tar')).toMatchObject({
    end: { exitCode: 0 },
    craft: { result: { result: '1 file' } },
  })
  expect(readFileSync(zone('Europe/London'), 'utf8')).toBe('TZif2')
})

test.skipIf(process.platform === 'win32')(
  'a craft whose producer fails after its last byte puts nothing in place',
  async () => {
    tar('TZif2')
    const { end, craft } = await run('cat zones.tar; exit 3')
    expect([end.name, end.exitCode, craft]).toEqual(['sh', 3, null])
    expect(existsSync(zone('Europe/London'))).toBe(false)
  },
)

test.skipIf(process.platform === 'win32')(
  'a craft that refuses says why, and its producer does not hang',
  async () => {
    const { craft } = await run('yes no tar')
    expect(craft).toMatchObject({ error: { code: 'bad-tar' } })
  },
)
