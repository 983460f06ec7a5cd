import type { Builder } from './facts.ts'
import type { ProbeResult } from './run-probe.ts'

/** The version that `docker buildx version` printed, without a leading `v`, or null: Podman's answer is not buildx. */
export const buildxVersionOf = ({ exitCode, stdout }: ProbeResult): string | null => {
  if (exitCode !== 0) return null
  return /^github\.com\/docker\/buildx v?(\S+)/.exec(stdout)?.[1] ?? null
}

/**
 * Which builder answers `docker build`. `asked` is DOCKER_BUILDKIT of the environment, which Go reads as a boolean.
 *
 * A client before 23 has its own BuildKit and never calls buildx for `docker build`: it prints no JSON even when
 * buildx is there. buildx prints JSON since 0.13.
 */
export const builderOf = (
  clientVersion: string,
  buildxVersion: string | null,
  asked: string | undefined,
): Builder => {
  if (asked !== undefined && /^(0|f|false)$/i.test(asked)) return 'classic'
  const hasOwnBuildKit = (numbersOf(clientVersion)[0] ?? 0) < 23
  if (buildxVersion === null) return hasOwnBuildKit && isTrue(asked) ? 'buildkit-plain' : 'classic'
  return !hasOwnBuildKit && printsJson(buildxVersion) ? 'buildkit-json' : 'buildkit-plain'
}

const isTrue = (asked: string | undefined): boolean =>
  asked !== undefined && /^(1|t|true)$/i.test(asked)

const printsJson = (buildxVersion: string): boolean => {
  const [major = 0, minor = 0] = numbersOf(buildxVersion)
  return major > 0 || minor >= 13
}

const numbersOf = (version: string): number[] =>
  version
    .split(/[^0-9]+/)
    .filter(digits => digits !== '')
    .map(Number)
