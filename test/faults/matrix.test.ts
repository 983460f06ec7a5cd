import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { describeEngine, docker, test } from '../engine/engine.ts'
import { quickBuilder } from '../engine/full.ts'
import {
  newNames,
  outcomeOf,
  room,
  runCli,
  startCli,
  type Cli,
  type CliEnd,
} from '../engine/run-cli.ts'
import { CELLS, CODES, type Cell } from './cells.ts'
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
  })

  test.each(CELLS.map(cell => [titleOf(cell), cell] as const))(
    '%s',
    async (_, cell) => {
      const cwd = await room()
      const before = await inventory()
      const cli = startCli(words(cell), { cwd })
      await cli.started(cell.step)
      const second = await strike(cell, cli, cwd, words(cell))
      const end = await cli.ended
      expect(CODES[cell.blow], end.stdout.slice(-1500)).toContain(end.exitCode)
      if (second !== null) expect([0, 1, 2]).toContain(second.exitCode)
      expect(end.stdout + end.stderr).not.toContain('A defect in create-base-image')
      // What a killed process left, only another one can remove.
      if (cell.blow !== 'SIGKILL') expect(await inventory()).toEqual(before)
      outcomeOf(await runCli(words(cell), { cwd }))
      expect(await inventory()).toEqual(before)
      await docker(['rmi', names.tag(`${cell.journey}-${cell.step}-${cell.blow.toLowerCase()}`)])
    },
    120_000,
  )
})

const titleOf = ({ journey, step, blow }: Cell): string => `${journey} ${step} ${blow}`

/** Strikes, and gives how the other run ended where there is one. */
const strike = async (
  { blow }: Cell,
  cli: Cli,
  cwd: string,
  words: readonly string[],
): Promise<CliEnd | null> => {
  if (blow === 'second-run') return runCli(words, { cwd })
  if (blow !== 'folder-removed') cli.kill(blow)
  else if (existsSync(join(cwd, 'project'))) rmSync(join(cwd, 'project'), { recursive: true })
  return null
}
