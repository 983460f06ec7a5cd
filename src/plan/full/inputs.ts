import type { FullAnswers, Given } from '../../ask/answers.ts'
import { builderOf, findRelease } from '../../catalog/releases.ts'
import type { Release } from '../../catalog/types.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import type { Origin } from './families/deb/options.ts'

/** All that the steps of a full image are made from. */
export interface FullInputs extends Origin {
  readonly facts: Facts
  /** The engine that takes the image, or null for an archive. */
  readonly engine: EngineFacts | null
  /** Where it is bootstrapped. */
  readonly route: 'container' | 'host'
  /** The image that the container starts from. */
  readonly builder: string
}

/** What a script of a full image is made from: nothing of it hangs on a machine. */
export type ScriptInputs = Origin & Pick<FullInputs, 'builder'>

/** The inputs of a script; a mirror near one machine would be of no use to another. */
export const scriptScene = (given: Given<FullAnswers>, machineArch: Arch): ScriptInputs => ({
  given,
  release: releaseOf(given),
  arch: given.answers.arch ?? machineArch,
  builder: builderFor(given),
  near: null,
})

/** The release that the answers name. */
export const releaseOf = ({ answers, today }: Given<FullAnswers>): Release =>
  findRelease(answers.release, today, answers.distro)!

/** The image that a container for the answers starts from. */
export const builderFor = (given: Given<FullAnswers>): string =>
  given.answers.builder ?? builderOf(releaseOf(given), given.today)
