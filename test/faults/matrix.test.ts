import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { describeEngine, docker, test } from '../engine/engine.ts'
import { quickBuilder } from '../engine/full.ts'
import { newNames, outcomeOf, room, runCli, startCli } from '../engine/run-cli.ts'
import { folderFor, mayMount, strike } from './blows.ts'
import { CELLS, CODES, MOUNTS, type Cell } from './cells.ts'
import { inventory } from './inventory.ts'

describeEngine('a run that is struck leaves nothing, and the next one succeeds', () => {
  const names = newNames()
  let quick: string
  const home = mkdtempSync(join(tmpdir(), 'cbi-faults-'))

  const words = ({ journey, step, blow }: Cell): string[] => {
    const own =
      journey === 'minimal'
        ? ['--compile-in=container']
        : ['--kind=full', '--release=bullseye', `--builder=${quick}`]
    return [
      '--yes',
      '--json',
      ...own,
      `--tag=${names.tag(`${journey}-${step}-${blow.toLowerCase()}`)}`,
      'project',
    ]
  }

  // The compiler and debootstrap are put in their builders before, so that a cell takes seconds.
  beforeAll(async () => {
    quick = await quickBuilder(`${names.prefix}/quick:1`, names.prefix)
    for (const journey of ['minimal', 'full'] as const)
      outcomeOf(
        await runCli(words({ journey, step: 'first', blow: 'SIGINT' }), {
          cwd: mkdtempSync(join(home, journey)),
        }),
      )
  }, 400_000)
  afterAll(async () => {
    rmSync(home, { recursive: true, force: true })
    await names.remove()
  }, 60_000)

  const possible = CELLS.filter(({ blow }) => mayMount() || !MOUNTS.includes(blow))

  test.each(possible.map(cell => [titleOf(cell), cell] as const))(
    '%s',
    async (_, cell) => {
      const cwd = await folderFor(cell, await room())
      const before = await inventory()
      const cli = startCli(words(cell), { cwd })
      // A cell that came to its time-out must not disturb the next one.
      onTestFinished(() => cli.kill('SIGKILL'))
      await cli.started(cell.step)
      const { second, mend } = await strike(cell, cli, cwd, words(cell))
      const end = await cli.ended
      expect(CODES[cell.blow], end.stdout.slice(-1500) + end.stderr).toContain(end.exitCode)
      if (second !== null) expect([0, 1, 2]).toContain(second.exitCode)
      expect(end.stdout + end.stderr).not.toContain('A defect in create-base-image')
      // What a killed process left, only another one can remove.
      if (cell.blow !== 'SIGKILL') expect(await inventory(), 'left by the run').toEqual(before)
      await mend()
      outcomeOf(await runCli(words(cell), { cwd }))
      expect(await inventory(), 'left by both runs').toEqual(before)
      await docker(['rmi', names.tag(`${cell.journey}-${cell.step}-${cell.blow.toLowerCase()}`)])
    },
    300_000,
  )
})

const titleOf = ({ journey, step, blow }: Cell): string => `${journey} ${step} ${blow}`
