import { slimTwice } from '../../ask/questions/slim.ts'
import { debianArch } from '../../catalog/archives.ts'
import { multiarchTuple } from '../multiarch.ts'
import { UsageError } from '../../errors.ts'
import type { Origin } from './inputs.ts'

/** Returns whether the image is of packages' files alone: nothing of it runs while it is made. */
export const isDistroless = ({ given, distribution }: Pick<Origin, 'given' | 'distribution'>) =>
  distribution.family === 'deb' && given.answers.variant === 'distroless'

/** Returns whether scripts call this tool for the image, because no container with debootstrap makes it. */
export const isOursAlone = (origin: Pick<Origin, 'given' | 'distribution'>): boolean =>
  isDistroless(origin) || origin.given.answers.sources !== null

/** Throws UsageError for what an image can't follow in which no script and no package manager runs. */
export const checkDistroless = (origin: Pick<Origin, 'given' | 'distribution'>): void => {
  if (!isDistroless(origin)) return
  const { answers, verify } = origin.given
  if (answers.slim) throw slimTwice()
  if (!['auto', 'built-in'].includes(answers.bootstrap))
    throw new UsageError(
      `--bootstrap ${answers.bootstrap} makes whole systems; a distroless image is made by this tool itself.`,
      ['Leave --bootstrap out, or take another --variant.'],
    )
  if (answers.builder !== null)
    throw new UsageError(
      '--builder names what a container works in, and a distroless image is made without one.',
      ['Leave it out.'],
    )
  if (verify)
    throw new UsageError(
      "--verify uses the image's own shell and package manager, and a distroless image has neither.",
      ['Leave it out: the archive and its release are checked anyway.'],
    )
}

/**
 * Returns the C library of an image for an architecture (Go's name): glibc's is a program, too, which says what it is. That it
 * runs proves the loader, and that libraries are found.
 */
export const libcOf = (arch: string): string =>
  `/lib/${multiarchTuple(arch) ?? `${debianArch(arch)}-linux-gnu`}/libc.so.6`

/** How what that program prints begins: the distribution's name is in it. */
export const libcSays = ({ distribution }: Pick<Origin, 'distribution'>): string =>
  `GNU C Library (${distribution.title} GLIBC `
