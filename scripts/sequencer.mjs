import { basename } from 'node:path'
import { BaseSequencer } from 'vitest/node'

/** Files of tests that take minutes. Begun last, one of them would keep a second engine idle for as long. */
const LONG = ['podman-full.test.ts', 'oracle.test.ts']

/** The usual order, by size where no earlier run is known, but the longest come first. */
export class Sequencer extends BaseSequencer {
  async sort(files) {
    const rank = ({ moduleId }) => (LONG.includes(basename(moduleId)) ? 0 : 1)
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
