import type { RootStage, Stage, Step } from '../plan/types.ts'
import type { RunContext } from './context.ts'
import { exactCommand } from './stages/command.ts'
import { attachCommand, commitCommand, copyCommands, createCommand } from './stages/container.ts'
import { pullCommands } from './stages/pull.ts'
import { rootCommand } from './stages/root.ts'
import { resolveWord } from './values.ts'

/** The name of a step's container: no other run and no other stage has it. */
export const containerName = (step: Step, stage: Stage, runId: string): string =>
  `create-base-image-${runId}-${step.id}-${step.pipeline.indexOf(stage)}`

/** The exact argument lists of a step, harness included, in the order they run. */
export const exactCommands = (
  step: Step,
  { values, runId, keptContainers }: RunContext,
): string[][] => {
  const resolve = (word: Parameters<typeof resolveWord>[1]): string => resolveWord(values, word)
  return step.pipeline.flatMap(stage => {
    if (stage.kind === 'craft') return stage.shown.length === 0 ? [] : [[...stage.shown]]
    if (stage.kind === 'pull') return pullCommands(stage)
    if (stage.kind === 'command') return [exactCommand(stage, resolve)]
    if (stage.kind === 'root') return [rootCommand(stage, textOf(stage), resolve)]
    const name = containerName(step, stage, runId)
    if (stage.restarts !== undefined)
      return [attachCommand(stage, keptContainers.get(stage.restarts) ?? name)]
    const commit = commitCommand(stage, name, resolve)
    return [
      createCommand(stage, { runId, name, resolve }),
      ...copyCommands(stage, name),
      attachCommand(stage, name),
      ...(commit === null ? [] : [commit]),
      ...(stage.keptForLater === true ? [] : [[stage.client, 'rm', '--force', '--volumes', name]]),
    ]
  })
}

/** Hundreds of lines would hide the command that they belong to; the project folder has them. */
const textOf = ({ asset }: RootStage): string | null =>
  asset === undefined ? null : `(the text of ${asset})`
