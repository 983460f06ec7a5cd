import { size } from '../units.ts'
import type { Plan } from './types.ts'

/**
 * What a first run of the container way downloads, in bytes: ubuntu:20.04 (29.7 MB compressed), its package index
 * (35.6 MB) and gcc with libc6-dev (35.3 MB), as recorded in test/fixtures/transcripts/apt-get-focal-in-container.txt.
 */
const CONTAINER_DOWNLOAD = 29_700_000 + 35_600_000 + 35_300_000

/** The same without a compiler, for time zones alone: their package (0.3 MB) counts for little. */
const ZONES_DOWNLOAD = 29_700_000 + 35_600_000

/** What will run, how long it takes and how much is downloaded, for the last look before it does. */
export const reviewLines = ({ headline, steps, notices, directory }: Plan): string[] => [
  headline,
  ...notices,
  `${steps.length} steps in ${directory}: ${steps.map(({ title }) => title).join(' · ')}`,
  expectation(steps),
]

/** Times are those of docs/bench.md, on two cores with a near mirror. */
const expectation = (steps: Plan['steps']): string => {
  const has = (step: string): boolean => steps.some(({ id }) => id === step)
  if (has('compiler')) return firstTime(CONTAINER_DOWNLOAD, 15)
  return has('builder')
    ? firstTime(ZONES_DOWNLOAD, 10)
    : 'Nothing is downloaded; it takes a second or two.'
}

const firstTime = (bytes: number, seconds: number): string =>
  `The first time it downloads up to ${size(bytes)} and takes about ${seconds} s and the download; after that, a second or two.`
