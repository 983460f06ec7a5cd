import type { Condition } from '../plan/types.ts'
import type { RunContext } from './context.ts'
import { capture } from './process/exec.ts'
import { resolveWord } from './values.ts'

/** Asks the read-only command; when the condition holds, its values are learnt. */
export const checkCondition = async (
  condition: Condition,
  { env, project, values, plan }: RunContext,
): Promise<{ met: boolean; lines: string[] }> => {
  const { program, args } = condition.command
  const words = args.map(word => resolveWord(values, word))
  const cwd = project.made || project.kind !== 'new' ? plan.directory : process.cwd()
  const { exitCode, stdout, stderr } = await capture(program, words, { cwd, env, seconds: 30 })
  const text = stdout.trim()
  if (exitCode !== 0 || !text.startsWith(condition.expect)) {
    return { met: false, lines: `${text}\n${stderr}`.trim().split('\n') }
  }
  const learnt = text.slice(condition.expect.length).split(/\s+/)
  for (const [i, name] of condition.learn.entries()) values.set(name, learnt[i] ?? '')
  return { met: true, lines: [] }
}
