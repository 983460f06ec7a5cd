import { FOLDER_VARIABLE } from './script/same-script.ts'
import type { Plan } from './types.ts'

/** Returns a plan that advises nothing in its project folder, where the environment says that the folder is removed. */
export const withoutFolder = (plan: Plan, env: NodeJS.ProcessEnv): Plan => {
  if (env[FOLDER_VARIABLE] !== 'removed') return plan
  const stays = (words: readonly string[]): boolean =>
    !words.some(word => word.includes(plan.directory))
  const { next, nextOfServer } = plan
  return {
    ...plan,
    folderGoes: true,
    next: next.filter(stays),
    nextOfServer: nextOfServer?.filter(stays) ?? null,
  }
}
