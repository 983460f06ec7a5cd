import { keyringName, sourcesPlace } from '../../ask/saved.ts'
import { fill } from '../../catalog/releases.ts'
import { runNotes, type RunNotes } from '../run-notes.ts'
import { CERTIFICATES, INDEX } from '../names.ts'
import { isDistroless } from './distroless.ts'
import type { FullInputs } from './inputs.ts'

/** Returns the file that says what the image is, and the line in it that proves the release. */
export const proofOf = ({
  release,
  distribution,
}: Pick<FullInputs, 'release' | 'distribution'>): {
  readonly file: string
  readonly line: string
} => {
  const { file, line, unreleased } = distribution.proof
  const own = release.released === null ? unreleased : null
  return { file, line: fill(release.proof ?? own ?? line, release) }
}

/**
 * The files that decide the image. On this machine root runs our own texts of the scripts; a newer one of those is
 * noticed by the copy in the folder.
 */
export const inputsOf = ({ given, route, family }: FullInputs): string[] => [
  ...(route === 'built-in' ? indexOf(family) : ['bootstrap.sh', 'pack.sh']),
  ...(given.answers.keyring === null ? [] : [keyringName(given.answers.keyring)]),
  ...(given.answers.sources === null ? [] : [sourcesPlace(given.answers.sources)]),
]

const indexOf = ({ builtIn }: FullInputs['family']): string[] =>
  builtIn?.index === undefined ? [] : [INDEX]

/** What an image says about itself: what to start, where programs are found, and labels by OCI's names. */
export const imageNotes = (
  inputs: Pick<FullInputs, 'given' | 'release' | 'distribution'>,
): RunNotes => {
  const { given, release, distribution } = inputs
  const { answers } = given
  const isPlain = isDistroless(inputs)
  return runNotes(
    {
      cmd: isPlain ? null : distribution.start,
      env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        // OpenSSL looks in a folder of links that a script of its package's would make.
        ...(isPlain ? [`SSL_CERT_FILE=/${CERTIFICATES}`] : []),
      ],
      user: null,
      labels: {
        'org.opencontainers.image.title': answers.tag.replace(/^.*\/|:[^/]*$/g, ''),
        'org.opencontainers.image.version': release.version ?? release.codename,
        'org.opencontainers.image.ref.name': release.distro,
      },
    },
    answers.settings,
  )
}
