import type { FullAnswers, Given } from '../../ask/answers.ts'
import { archOfRelease } from '../../ask/questions/arch.ts'
import { distributionAt } from '../../catalog/older.ts'
import { builderOf, findRelease } from '../../catalog/releases.ts'
import type { Distribution, Release } from '../../catalog/types.ts'
import type { Arch, EngineFacts, Facts } from '../../engine/facts.ts'
import { checkDistroless } from './distroless.ts'
import { familyOf } from './families/index.ts'
import type { Family, Route } from './families/family.ts'

/** What is made, and where its packages come from. */
export interface Origin {
  readonly given: Given<FullAnswers>
  readonly distribution: Distribution
  readonly family: Family
  readonly release: Release
  readonly arch: Arch
  /** The archive in this machine's own apt sources, when it runs the same distribution and can be reached from where the bootstrap runs. */
  readonly near: string | null
}

/** Everything that the steps of a full image are made from. */
export interface FullInputs extends Origin {
  readonly facts: Facts
  /** The engine that takes the image, or null for an archive. */
  readonly engine: EngineFacts | null
  /** Where it is bootstrapped. */
  readonly route: Route
  /** The image that the container starts from. */
  readonly builder: string
}

/** What a script of a full image is made from: nothing in it depends on the machine. */
export type ScriptInputs = Origin & Pick<FullInputs, 'builder'>

/** Returns the architecture that the image is for. Throws UsageError when its release is not made for it. */
export const archFor = (given: Given<FullAnswers>, own: Arch): Arch =>
  archOfRelease(systemOf(given).release, given.answers.arch ?? own)

/** The inputs of a script; a mirror near one machine would be of no use to another. Throws UsageError. */
export const scriptInputs = (given: Given<FullAnswers>, machineArch: Arch): ScriptInputs => {
  const system = systemOf(given)
  checkDistroless({ given, ...system })
  return {
    given,
    ...system,
    arch: archFor(given, machineArch),
    builder: builderFor(given),
    near: null,
  }
}

/** Returns the distribution, its family and the release that the answers name. */
export const systemOf = ({
  answers,
  today,
}: Given<FullAnswers>): Pick<Origin, 'distribution' | 'family' | 'release'> => {
  const release = findRelease(answers.release, today, answers.distro)!
  const distribution = distributionAt(release)
  return { distribution, family: familyOf(distribution), release }
}

/** The image that a container for the answers starts from. */
export const builderFor = (given: Given<FullAnswers>): string => {
  const { distribution, family, release } = systemOf(given)
  return (
    given.answers.builder ??
    family.builder?.({ given, distribution }) ??
    builderOf(release, given.today)
  )
}
