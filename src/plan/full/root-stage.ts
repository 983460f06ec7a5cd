import { ROOTFS } from '../names.ts'
import type { RootStage, Word } from '../types.ts'
import type { FullInputs } from './inputs.ts'
import { scriptAsset } from './scripts.ts'

/** Returns the stage that outputs the root filesystem as a tar, where it was made on this machine. */
export const fetchRoot = (inputs: FullInputs): RootStage =>
  asRoot(inputs, ['sh', 'pack.sh', '--rootfs', ROOTFS], 'pack.sh')

/** Returns a stage that runs as root on this machine: a program, or one of the distribution's scripts. */
export const asRoot = (
  inputs: FullInputs,
  args: readonly Word[],
  script?: 'bootstrap.sh' | 'pack.sh',
): RootStage => ({
  kind: 'root',
  sudo: inputs.facts.host?.root !== 'root',
  args,
  ...(script === undefined ? {} : { asset: scriptAsset(inputs, script) }),
  below: ROOTFS,
})
