import { rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect } from 'vitest'
import { canStartEngine, describeEngine, docker, startEngine, test } from './engine.ts'
import { quickBuilder, UNPROVEN } from './full.ts'
import { eventsOf, outcomeOf, room, runOf, startCli, runCli } from './run-cli.ts'

const MB = 1024 ** 2

describeEngine('a full image for which the engine has no room', () => {
  test.skipIf(!canStartEngine())(
    'fails in the import with what to do, leaves nothing, and is made once there is room (needs root and dockerd)',
    async () => {
      const cwd = await room()
      const { env, folder } = startEngine('--small', '1000')
      const builder = await quickBuilder('cbi-test-room/quick:1', 'room', env)
      const command = ['--yes', '--json', '--release=bullseye', '--tag=small', '--builder', builder]
      const cli = startCli([...command, 'project'], { cwd, env })
      await cli.started('import')
      const filler = await fillUp(join(folder, 'data'), 30)
      const end = await cli.ended
      expect(eventsOf(end, 'step-failed')[0]).toMatchObject({
        step: 'import',
        remedy: { code: 'no-space', lacks: true },
      })
      expect(end.exitCode).toBe(3)
      const label = `label=create-base-image=${runOf(end)}`
      expect((await docker(['ps', '--all', '--quiet', '--filter', label], env)).stdout).toBe('')
      expect((await docker(['images', '--quiet', UNPROVEN], env)).stdout).toBe('')
      expect((await docker(['images', '--quiet', 'small'], env)).stdout).toBe('')

      rmSync(filler)
      const again = await runCli([...command, 'project'], { cwd, env })
      expect(outcomeOf(again).printed).toContain('VERSION_CODENAME=bullseye')
    },
    240_000,
  )
})

/** Puts a file into a folder that leaves its file system only so many megabytes; gives its path. */
const fillUp = async (folder: string, left: number): Promise<string> => {
  const { bavail, bsize } = statfsSync(folder)
  const path = join(folder, 'filler')
  await execa('fallocate', ['--length', String(bavail * bsize - left * MB), path])
  return path
}
