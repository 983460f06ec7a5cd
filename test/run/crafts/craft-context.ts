import type { CraftContext } from '../../../src/run/crafts/craft.ts'

/** A context for crafts that work in a project folder of an earlier run. */
export const craftContext = (
  directory: string,
  more: Partial<CraftContext> = {},
): CraftContext => ({
  project: {
    directory,
    kind: 'resumed',
    state: { version: 1, finished: false, answers: {}, written: {}, steps: {} },
    made: false,
    wasEmpty: false,
  },
  runId: 'test',
  signal: new AbortController().signal,
  assets: '',
  ...more,
})
