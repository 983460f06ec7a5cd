import type { Stage, Step } from '../plan/types.ts'
import { pullCommand } from '../plan/words.ts'
import type { RunContext } from './context.ts'
import { exactCommand } from './stages/command.ts'
import { attachCommand, commitCommand, createCommand } from './stages/container.ts'
import { dialCommand } from './stages/pull.ts'
import { resolveWord } from './values.ts'

/** The name of a step's container: no other run and no other stage has it. */
export const containerName = (step: Step, stage: Stage, runId: string): string =>
  `create-base-image-${runId}-${step.id}-${step.pipeline.indexOf(stage)}`

/** The exact argument lists of a step, harness included, in the order they run. */
export const exactCommands = (step: Step, { values, runId }: RunContext): string[][] => {
  const resolve = (word: Parameters<typeof resolveWord>[1]): string => resolveWord(values, word)
  return step.pipeline.flatMap(stage => {
    if (stage.kind === 'craft') return stage.shown.length === 0 ? [] : [[...stage.shown]]
    if (stage.kind === 'pull') return [dialCommand(stage), pullCommand(stage)]
    if (stage.kind === 'command') return [exactCommand(stage, resolve)]
    const name = containerName(step, stage, runId)
    const commit = commitCommand(stage, name, resolve)
    return [
      createCommand(stage, { runId, name, resolve }),
      attachCommand(stage, name),
      ...(commit === null ? [] : [commit]),
      [stage.client, 'rm', '--force', '--volumes', name],
    ]
  })
}
