import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { canStartEngine, describeEngine, docker, test } from '../engine/engine.ts'
import { quickBuilder } from '../engine/full.ts'
import { ownMirror } from '../engine/full-mirrors.ts'
import { newNames, outcomeOf, room, runCli, startCli } from '../engine/run-cli.ts'
import { folderFor, mayMount, strike } from './blows.ts'
import { CELLS, CODES, MOUNTS, OF_ENGINE, type Blow, type Cell, type Journey } from './cells.ts'
import { ownEngine } from './engines.ts'
import { openGate, type Gate } from './gate.ts'
import { inventory } from './inventory.ts'
import { startInTerminal, type Run } from './terminal.ts'

/** After so many minutes no further cell begins. */
const MINUTES = Number(process.env.CBI_FAULTS_MINUTES ?? Number.POSITIVE_INFINITY)

describeEngine('a run that is struck leaves nothing, and the next one succeeds', () => {
  const names = newNames()
  let quick: string
  let gate: Gate | null = null
  const began = performance.now()
  const home = mkdtempSync(join(tmpdir(), 'cbi-faults-'))

  const flagsOf: Readonly<Record<Journey, () => readonly string[]>> = {
    minimal: () => ['--compile-in=container'],
    full: () => ['--kind=full', '--release=bullseye', `--builder=${quick}`],
    'own-engine': () => ['--compile-in=host'],
    real: () => ['--release=bookworm', `--mirror=${gate!.url}`],
    'real-debootstrap': () => [...flagsOf.real(), '--bootstrap=debootstrap'],
  }
  const tagOf = ({ journey, step, blow }: Cell): string =>
    names.tag(`${journey}-${step}-${blow.toLowerCase()}`)
  const words = (cell: Cell): string[] => [
    '--yes',
    '--json',
    ...flagsOf[cell.journey](),
    `--tag=${tagOf(cell)}`,
    'project',
  ]

  // What each journey puts in its builder is put there before, so that a cell takes seconds.
  beforeAll(async () => {
    quick = await quickBuilder(`${names.prefix}/quick:1`, names.prefix)
    const mirror = ownMirror()
    gate = mirror === null ? null : await openGate(mirror)
    for (const journey of new Set(CELLS.map(cell => cell.journey).filter(needsBuilder)))
      outcomeOf(
        await runCli(words({ journey, step: 'first', blow: 'SIGINT' }), {
          cwd: mkdtempSync(join(home, journey)),
        }),
      )
  }, 1_200_000)
  afterAll(async () => {
    gate?.close()
    rmSync(home, { recursive: true, force: true })
    await names.remove()
  }, 60_000)

  const possible = CELLS.filter(({ blow }) => isPossible(blow))

  test.for(possible.map(cell => [titleOf(cell), cell] as const))(
    '%s',
    { timeout: 600_000 },
    async ([, cell], { skip }) => {
      skip(performance.now() - began > MINUTES * 60_000, 'the minutes are over')
      const base = await room()
      const cwd = await folderFor(cell, base)
      // Packages that an earlier cell fetched, and the tree of them, would spare this one its work.
      await forgetStages()
      const engine = OF_ENGINE.includes(cell.blow) ? ownEngine() : null
      const env = { ...process.env, ...engine?.env, XDG_CACHE_HOME: join(base, 'cache') }
      const before = await inventory(env)
      const cli = start(cell, words(cell), { cwd, env })
      // A cell that came to its time-out must not disturb the next one.
      onTestFinished(() => cli.kill('SIGKILL'))
      await cli.started(cell.step)
      const { second, mend } = await strike(cell, cli, {
        folder: cwd,
        words: words(cell),
        gate,
        engine,
      })
      const end = await cli.ended
      expect(CODES[cell.blow], end.stdout.slice(-1500) + end.stderr).toContain(end.exitCode)
      if (second !== null) expect([0, 1, 2]).toContain(second.exitCode)
      expect(end.stdout + end.stderr).not.toContain('A defect in create-base-image')
      // What a killed process left, only another one can remove; and what is in a dead engine, nobody.
      if (cell.blow !== 'SIGKILL' && engine === null)
        expect(await inventory(env), 'left by the run').toEqual(before)
      await mend()
      outcomeOf(await runCli(words(cell), { cwd, env }))
      expect(await inventory(env), 'left by both runs').toEqual(before)
      await docker(['rmi', tagOf(cell)], env)
    },
  )
})

const isPossible = (blow: Blow): boolean =>
  (mayMount() || !MOUNTS.includes(blow)) && (canStartEngine() || !OF_ENGINE.includes(blow))

const needsBuilder = (journey: Journey): boolean => !['real', 'own-engine'].includes(journey)

/** Starts a run: with its events on stdout, or as a person sees it. */
const start = (
  { blow }: Cell,
  words: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Run => {
  if (blow === 'terminal-closed')
    return startInTerminal(
      words.filter(word => word !== '--json'),
      options,
    )
  return { ...startCli(words, options), close: () => undefined }
}

/** What a full image of our own is made from stays in the engine for the next one like it. */
const forgetStages = async (): Promise<void> => {
  const words = ['images', '--quiet', '--filter', 'reference=create-base-image/stage']
  const ids = (await docker(words)).stdout.split('\n').filter(Boolean)
  if (ids.length > 0) await docker(['rmi', '--force', ...ids])
}

const titleOf = ({ journey, step, blow }: Cell): string => `${journey} ${step} ${blow}`
