import { dirname, relative } from 'node:path'
import type { Given } from '../../ask/answers.ts'
import { forImage } from '../../ask/images/rows.ts'
import { lockIn } from '../../ask/locked.ts'
import { archOfRelease } from '../../ask/questions/arch.ts'
import { isForEach } from '../../ask/questions/program.ts'
import { UsageError } from '../../errors.ts'
import { distributionNamed } from '../../catalog/distributions.ts'
import { readAsset } from '../../assets.ts'
import { commandLineOf, commandWordsOf, OURS } from '../../plan/command-line.ts'
import { systemOf } from '../../plan/full/inputs.ts'
import { isArchiveAlways, isFull } from '../../plan/plan.ts'
import { bakeFile, type BakeImage } from '../../plan/script/bake.ts'
import { ciFile, type CiImage, type ManyKind } from '../../plan/script/many.ts'
import { printScript } from '../../plan/script/print-script.ts'
import { version } from '../../version.ts'

/** An image that a script is to make, for all its architectures; none is the default. */
export interface Wanted {
  readonly given: Given
  readonly archs: readonly string[]
}

/** What is made where nothing is said of architectures: those that CI services have runners of. */
const USUAL = ['amd64', 'arm64']

/** Returns the script of one image whose answers come from flags; `cwd` is where the script will stand. */
export const scriptOfOne = (kind: ManyKind, given: Given, cwd: string): string => {
  const { answers } = given
  const wanted = { given, archs: answers.arch === null ? [] : [answers.arch] }
  const flags = commandWordsOf(
    commandLineOf({
      ...given,
      push: null,
      sign: null,
      answers: { ...answers, arch: null },
    } as Given),
  ).slice(OURS.length)
  const lock = lockOf(wanted)
  const locked = lock === null ? [] : ['--locked', relative(cwd, lock)]
  return scriptOf(kind, [wanted], { command: [...flags, '--arch', '"$ARCH"'], locked }, cwd)
}

/** Returns the script of all images of a file; `cwd` is the file's folder, where the script will stand. */
export const scriptOfMany = (
  kind: ManyKind,
  wanted: readonly Wanted[],
  file: string,
  cwd: string,
): string => {
  const named = file === 'base-images.json' ? [] : ['--file', file]
  const command = ['build', '"$IMAGE"', ...named, '--arch', '"$ARCH"']
  const locked = wanted.some(one => lockOf(one) !== null) ? ['--locked'] : []
  return scriptOf(kind, wanted, { command, locked }, cwd)
}

/** The lock in an image's project folder, where the image is not locked to one anyway. */
const lockOf = ({ given, archs }: Wanted): string | null =>
  isFull(given) && given.answers.locked === null ? lockIn(given.places.directory, archs) : null

const scriptOf = (
  kind: ManyKind,
  wanted: readonly Wanted[],
  words: { readonly command: readonly string[]; readonly locked: readonly string[] },
  cwd: string,
): string => {
  for (const one of wanted) checkArchs(one)
  if (kind === 'bake')
    return bakeFile(
      wanted.map(one => bakeImage(one, cwd)),
      wanted[0]!.given.today,
    )
  return ciFile(kind, {
    images: wanted.map(({ given, archs }) => ({
      name: given.answers.tag,
      push: given.push,
      archs: archs.length > 0 ? archs : usualFor(given),
      ...archiveOf(given, cwd),
    })),
    command: ['npx', '--yes', `create-base-image@${version()}`, ...words.command],
    locked: words.locked,
    version: version(),
    template: readAsset(`ci/${kind}.txt`),
  })
}

/** Throws UsageError for an architecture that a distribution is not made for. */
const checkArchs = ({ given, archs }: Wanted): void => {
  if (!isFull(given)) return
  const { release } = systemOf(given)
  for (const arch of archs) forImage(given.answers.tag, () => archOfRelease(release, arch))
}

/** Throws UsageError for an image that another engine than the file's has. */
const archiveOf = ({ answers, places }: Given, cwd: string): Pick<CiImage, 'archive'> => {
  if (answers.engine === 'podman')
    throw new UsageError(
      `Image ${answers.tag} is made with Podman, but the file pushes what Docker has.`,
      ['Leave "engine" or --engine out: the runners have Docker.'],
    )
  const isArchive = answers.engine === 'none' || isArchiveAlways(answers)
  return isArchive ? { archive: relative(cwd, places.output).replaceAll('\\', '/') } : {}
}

const usualFor = (given: Given): readonly string[] => {
  if (!isFull(given))
    return given.answers.program.kind === 'binary' && !isForEach(given.answers.program)
      ? ['amd64']
      : USUAL
  const { architectures } = systemOf(given).distribution
  return USUAL.filter(arch => architectures === null || architectures.includes(arch))
}

const bakeImage = ({ given, archs }: Wanted, cwd: string): BakeImage => {
  const differs = isFull(given) && distributionNamed(given.answers.distro).archDecidesArchive
  return {
    name: given.push ?? given.answers.tag,
    archs: archs.length === 0 && differs ? ['amd64'] : archs,
    differs,
    context: contextOf(given, cwd),
    dockerfile: arch =>
      forImage(given.answers.tag, () =>
        printScript(
          'dockerfile',
          { ...given, answers: { ...given.answers, arch } } as Given,
          arch ?? 'amd64',
          readAsset,
        ),
      ),
  }
}

/** The folder of the program that the Dockerfile takes from its context; a keyring is next to the bake file. */
const contextOf = ({ answers, places }: Given, cwd: string): string => {
  if (answers.kind !== 'minimal' || !('path' in answers.program)) return '.'
  // The project folder has one for each architecture where the Dockerfile looks for it.
  if (isForEach(answers.program)) return relative(cwd, places.directory) || '.'
  return relative(cwd, dirname(answers.program.path)) || '.'
}
