import { FOLDER_VARIABLE } from './script/same-script.ts'
import type { Plan } from './types.ts'

/** Returns a plan that advises nothing in its project folder, where the environment says that the folder is removed. */
export const withoutFolder = (plan: Plan, env: NodeJS.ProcessEnv): Plan => {
  if (env[FOLDER_VARIABLE] !== 'removed') return plan
  const isOutside = (words: readonly string[]): boolean =>
    !words.some(word => word.includes(plan.directory))
  const { next, nextOfServer } = plan
  return {
    ...plan,
    folderIsRemoved: true,
    next: next.filter(isOutside),
    nextOfServer: nextOfServer?.filter(isOutside) ?? null,
  }
}
