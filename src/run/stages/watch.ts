import { setTimeout as delay } from 'node:timers/promises'
import { query, isPodman, type Client } from '../clean-up/containers.ts'

/** How often a working container is looked at, in milliseconds, and how many looks in a row may fail. */
export const LOOKS = { every: 30_000, most: 3 }

/**
 * Looks at a working container now and then, until `over` is aborted. Calls `lost` once when the engine has answered no
 * look for a while: a client that is attached waits for ever when what runs the containers has died. A look at its
 * processes asks that part of the engine too; `ps` and `inspect` answer without it.
 */
export const watchContainer = (
  client: Client,
  id: string,
  over: AbortSignal,
  lost: () => void,
  { every, most } = LOOKS,
): void => {
  const watch = async (): Promise<void> => {
    for (let failed = 0; failed < most;) {
      await delay(every, undefined, { signal: over, ref: false })
      const { exitCode } = await query(client, ['top', id, ...pidOnly(client)], 10)
      failed = exitCode === 0 ? 0 : failed + 1
      over.throwIfAborted()
    }
    lost()
  }
  watch().catch(() => undefined)
}

/** Its processes by their numbers: command lines are nobody's business. */
const pidOnly = ({ program }: Client): string[] => (isPodman(program) ? ['hpid'] : ['-o', 'pid'])
