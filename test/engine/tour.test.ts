import { expect, test } from 'vitest'
import { SCENES } from '../../src/learn/tour/scenes.ts'
import type { Recording } from '../../src/learn/tour/types.ts'
import { describeEngine, docker } from './engine.ts'
import { room, runCli, startCli } from './run-cli.ts'

const leftovers = async (): Promise<string> => {
  const images = await docker([
    'images',
    '--quiet',
    '--filter',
    'reference=create-base-image/tour-*',
  ])
  const containers = await docker([
    'ps',
    '--all',
    '--quiet',
    '--filter',
    'name=create-base-image-tour',
  ])
  return images.stdout + containers.stdout
}

describeEngine('the tour with an engine', () => {
  test(
    'the dynamic program fails, the others run, and nothing is left',
    { timeout: 300_000 },
    async () => {
      const end = await runCli(['tour', '--json'], { cwd: await room() })
      expect(end, end.stderr).toMatchObject({ exitCode: 0, stderr: '' })
      const { scenes } = JSON.parse(end.stdout) as Recording
      expect(scenes.map(({ id }) => id)).toEqual(SCENES)
      const [, run, , shell, certificates] = scenes
      expect(run!.commands.map(({ exitCode }) => exitCode === 0)).toEqual([false, true, true, true])
      expect(run!.commands[0]!.printed.join(' ')).toMatch(/no such file or directory/i)
      expect(shell!.commands[0]!.printed.join(' ')).toContain('/bin/sh')
      expect(certificates!.commands[1]!.printed.join(' ')).toMatch(/^\d+ certificates to trust\.$/)
      expect(await leftovers()).toBe('')
    },
  )

  test('who leaves in the middle leaves nothing behind', { timeout: 300_000 }, async () => {
    const cli = startCli(['tour'], { cwd: await room() })
    await expect.poll(leftovers, { timeout: 120_000, interval: 300 }).not.toBe('')
    cli.kill('SIGINT')
    expect((await cli.ended).exitCode).toBe(130)
    expect(await leftovers()).toBe('')
  })
})
