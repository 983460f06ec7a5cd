import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
// It puts an engine instead of the clients of everything that is loaded after it.
import { contextOf as runHere } from '../step-context.ts'
import { assetsFolder } from '../../../src/assets.ts'
import {
  removeAsRoot,
  removeRootFolder,
  withRootFolder,
} from '../../../src/run/clean-up/root-folder.ts'
import { cleanUp } from '../../../src/run/clean-up/clean-up.ts'
import type { RunContext } from '../../../src/run/context.ts'
import { newRunId } from '../../../src/run/process/run-id.ts'

const posix = test.skipIf(process.platform === 'win32')

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'root-folder-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'rootfs/deep'), { recursive: true })
  writeFileSync(join(folder, 'rootfs/deep/file'), '')
  writeFileSync(join(folder, 'beside'), '')
  return folder
}

const AS = { sudo: false, env: process.env, assets: assetsFolder() }

/** As far as a removal looks at it: a plan whose root stage comes after other stages. */
const contextOf = (directory: string, rootFolder: string | null, kind = 'root'): RunContext =>
  ({
    plan: {
      rootFolder,
      steps: [
        { pipeline: [{ kind: 'command', program: 'true', args: [] }] },
        { pipeline: [{ kind, sudo: false, below: 'rootfs', args: ['true'] }] },
      ],
    },
    project: { directory },
    env: process.env,
    assets: assetsFolder(),
  }) as unknown as RunContext

posix('the folder goes with all that is in it, and nothing beside it', async () => {
  const folder = newFolder()
  expect(await removeRootFolder(contextOf(folder, 'rootfs'))).toBeNull()
  expect([existsSync(join(folder, 'rootfs')), existsSync(join(folder, 'beside'))]).toEqual([
    false,
    true,
  ])
  expect(await removeAsRoot(folder, 'rootfs', AS)).toBeNull()
})

posix('a plan without one, or in which root does nothing, removes none', async () => {
  const folder = newFolder()
  expect(await removeRootFolder(contextOf(folder, null))).toBeNull()
  expect(await removeRootFolder(contextOf(folder, 'rootfs', 'container'))).toBeNull()
  expect(existsSync(join(folder, 'rootfs'))).toBe(true)
})

posix('one that stays is told by its path', async () => {
  const folder = newFolder()
  // Nothing that removes is on this path.
  const env = { PATH: join(folder, 'nothing') }
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const path = `${folder}:${process.env['PATH']}`
  expect(
    await removeAsRoot(folder, 'rootfs', { ...AS, sudo: true, env: { ...env, PATH: path } }),
  ).toBe(join(folder, 'rootfs'))
})

/** A project folder of a run, with a folder of root's in it. */
const project = (parent: string, name: string, run: string | null): string => {
  const path = join(parent, name)
  mkdirSync(join(path, '.create-base-image'), { recursive: true })
  mkdirSync(join(path, 'rootfs'))
  if (run !== null) writeFileSync(join(path, '.create-base-image/lock'), run)
  return path
}

posix(
  'folders that dead runs left are found here and one below, others are left alone',
  async () => {
    const parent = mkdtempSync(join(tmpdir(), 'root-folders-'))
    onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
    const [machine] = newRunId().split('-')
    const dead = project(parent, 'dead', `${machine}-4194305-00`)
    const free = project(parent, 'free', null)
    project(parent, 'living', `${machine}-${process.ppid}-00`)
    mkdirSync(join(parent, 'strange/rootfs'), { recursive: true })
    mkdirSync(join(parent, 'empty/.create-base-image'), { recursive: true })
    const linked = join(parent, 'linked')
    mkdirSync(join(linked, 'rootfs'), { recursive: true })
    symlinkSync(join(dead, '.create-base-image'), join(linked, '.create-base-image'))
    symlinkSync(dead, join(parent, 'link'))
    writeFileSync(join(parent, 'file'), '')
    expect((await withRootFolder(parent, 'rootfs')).toSorted()).toEqual([dead, free])
    expect(await withRootFolder(free, 'rootfs')).toEqual([free])
    expect(await withRootFolder(join(parent, 'nowhere'), 'rootfs')).toEqual([])
  },
)

posix('a folder of root’s that stays is told, and the project stays with it', async () => {
  const { context, directory } = runHere(AbortSignal.abort('SIGINT'))
  mkdirSync(join(directory, '.create-base-image/temporary'), { recursive: true })
  mkdirSync(join(directory, 'rootfs'))
  mkdirSync(join(directory, 'bin'))
  writeFileSync(join(directory, 'bin/sudo'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  const stage = { kind: 'root', sudo: true, below: 'rootfs', args: ['true'] } as const
  const plan = {
    ...context.plan,
    rootFolder: 'rootfs',
    temporary: ['.create-base-image/temporary', 'nothing'],
    steps: [{ ...context.plan.steps[0]!, pipeline: [stage] }],
    unproven: null,
  }
  const env = { PATH: `${directory}/bin:${process.env['PATH']}` }
  context.project.lockedBy = 'r'
  const left = await cleanUp({ ...context, plan, env, assets: assetsFolder() }, false)
  expect(left).toEqual({
    swept: true,
    containers: [],
    images: [],
    rootFolder: `${directory}/rootfs`,
  })
  expect(existsSync(join(directory, '.create-base-image/temporary'))).toBe(false)
  expect(context.project.lockedBy).toBeUndefined()
})

posix('what a run without the folder’s lock finds there is another run’s', async () => {
  const { context, directory } = runHere()
  mkdirSync(join(directory, 'temporary'))
  mkdirSync(join(directory, 'rootfs'))
  const stage = { kind: 'root', sudo: false, below: 'rootfs', args: ['true'] } as const
  const plan = {
    ...context.plan,
    rootFolder: 'rootfs',
    temporary: ['temporary'],
    steps: [{ ...context.plan.steps[0]!, pipeline: [stage] }],
  }
  const left = await cleanUp({ ...context, plan, assets: assetsFolder() }, false)
  expect(left.rootFolder).toBeNull()
  expect([existsSync(join(directory, 'temporary')), existsSync(join(directory, 'rootfs'))]).toEqual(
    [true, true],
  )
})
