import type { Given } from '../ask/answers.ts'
import type { Facts } from '../engine/facts.ts'
import { commandLineOf, commandWordsOf } from '../plan/command-line.ts'
import { shownPath, sourcesName } from '../plan/names.ts'
import type { Plan } from '../plan/types.ts'
import { loginsNotice } from '../run/rootfs/own-sources.ts'
import { lineFor } from '../text/shell-words.ts'

/** Returns a plan that says, where its file of sources is without users and passwords, what to do about it. */
export const withLoginsNotice = <P extends Plan>(
  plan: P,
  given: Given,
  { platform }: Pick<Facts, 'platform'>,
): P => {
  const { answers, places, offline } = given
  if (answers.kind === 'minimal' || answers.sources === null || offline) return plan
  const notice = loginsNotice(answers.sources, shownPath(places.from, answers.sources))
  if (notice === null) return plan
  const own = `--sources FOLDER/${sourcesName(answers.sources)}`
  const command = lineFor(platform, commandWordsOf(commandLineOf(given), own))
  return { ...plan, notices: [...plan.notices, `${notice} With your own file: ${command}`] }
}
