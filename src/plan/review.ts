import { distributionNamed } from '../catalog/distributions.ts'
import { counted, size } from '../text/units.ts'
import type { Plan } from './types.ts'

/**
 * What a first run of the container way downloads, in bytes: ubuntu:20.04 (29.7 MB compressed), its package index
 * (35.6 MB) and gcc with libc6-dev (35.3 MB), as recorded in test/fixtures/transcripts/apt-get-focal-in-container.txt.
 */
const CONTAINER_DOWNLOAD = 29_700_000 + 35_600_000 + 35_300_000

/** A cross compiler with its C library: five of them were 95 MB, in ubuntu:20.04. */
const CROSS_DOWNLOAD = 19_000_000

/** The same without a compiler, for time zones alone: their package (0.3 MB) counts for little. */
const ZONES_DOWNLOAD = 29_700_000 + 35_600_000

/** What will run, how long it takes and how much is downloaded, for the last look before it does. */
export const reviewLines = (plan: Plan): string[] => {
  const { headline, steps, notices, directory } = plan
  return [
    headline,
    ...notices,
    `${counted(steps.length, 'step')} in ${directory}: ${steps.map(({ title }) => title).join(' · ')}`,
    expectationOf(plan),
  ]
}

/** Returns how long a plan's run takes and how much it downloads, as sentences. */
export const expectationOf = (plan: Plan): string =>
  plan.journey === 'full' ? ofFull(plan) : ofMinimal(plan)

/** Times are those of docs/bench.md, on two cores with a near mirror. */
const ofMinimal = ({ steps, image: { archs = [] } }: Plan): string => {
  if (hasStep(steps, 'compiler'))
    return firstTime(CONTAINER_DOWNLOAD + Math.max(0, archs.length - 1) * CROSS_DOWNLOAD, 15)
  return hasStep(steps, 'builder')
    ? firstTime(ZONES_DOWNLOAD, 10)
    : 'Nothing is downloaded; it takes a second or two.'
}

/** By ourselves bookworm took 10 s beside the downloads, on two cores (docs/bench.md). */
const OURS_SECONDS = 10

/** By debootstrap bookworm took 35 s, with a builder and a mirror at hand; the standard set more than twice as long. */
const ofFull = ({ answers, steps }: Plan): string => {
  const { downloads, variants } = distributionNamed(String(answers['distro']))
  const variant = variants.find(({ name }) => name === answers['variant'])
  const own = variant?.measured
  if (own === undefined && (downloads === null || variant?.name === 'distroless'))
    return 'How much it downloads was not measured for this distribution.'
  const isFirst = variant === variants[0] || own !== undefined
  const about = isFirst && answers['include'] === undefined ? 'about' : 'more than'
  const bytes = `It downloads ${about} ${size((own ?? downloads!).packages)} of packages`
  if (own !== undefined || hasStep(steps, 'make'))
    return `${bytes}, less where an earlier run has kept some, and takes ${about} ${own?.seconds ?? OURS_SECONDS} s plus the download.`
  const packages = `${bytes} and takes ${about} ${downloads!.seconds} s plus the download.`
  return hasStep(steps, 'builder')
    ? `${packages} The first time, the builder is up to ${size(downloads!.builder)} more.`
    : packages
}

const hasStep = (steps: Plan['steps'], name: string): boolean => steps.some(({ id }) => id === name)

const firstTime = (bytes: number, seconds: number): string =>
  `The first time it downloads up to ${size(bytes)} and takes about ${seconds} s plus the download; after that, a second or two.`
