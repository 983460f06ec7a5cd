import { PassThrough } from 'node:stream'
import type { CraftStage } from '../../plan/types.ts'
import type { CraftContext, CraftResult } from '../crafts/craft.ts'
import { runCraft } from '../crafts/index.ts'
import type { CraftEnd, Running, StageEnd } from '../stage.ts'

/** Starts in-process work that reads what the stage before prints, and tells its lines on stdout. */
export const startCraft = (stage: CraftStage, context: Omit<CraftContext, 'stdin'>): Running => {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const killed = new AbortController()
  const signal = AbortSignal.any([context.signal, killed.signal])
  let end: CraftEnd | null = null
  const { project, runId, assets, client } = context
  const work = runCraft(stage, {
    project,
    runId,
    assets,
    ...(client !== undefined && { client }),
    signal,
    stdin,
    tell: line => void stderr.write(`${line}\n`),
  })
  const ended = work.then(
    result => {
      end = { result }
      stdout.end(textOf(result))
      return WELL
    },
    (error: unknown) => {
      if (!signal.aborted) end = { error }
      stdout.end()
      return { exitCode: signal.aborted ? null : 1, note: (error as Error).message }
    },
  )
  // Whoever still writes must learn that nobody reads any more.
  const over = ended.finally(() => {
    stderr.end()
    stdin.destroy()
  })
  return {
    name: stage.craft,
    stdin,
    stdout,
    stderr,
    ended: over,
    craft: () => end,
    kill: async () => {
      // One that has stopped reading by itself is about to say why.
      if (!stdin.destroyed) {
        killed.abort()
        stdin.destroy(new Error('It was ended.'))
      }
      await over
    },
  }
}

const WELL: StageEnd = { exitCode: 0, note: null }

const textOf = ({ lines = [] }: CraftResult): string => lines.map(line => `${line}\n`).join('')
