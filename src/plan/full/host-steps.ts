import { join } from 'node:path'
import { KEYRING } from '../../ask/saved.ts'
import { provePacked } from '../archive-steps.ts'
import {
  bootstrapOptions,
  debootstrapOptions,
  fetchedFrom,
  proofOf,
} from './families/deb/options.ts'
import type { FullInputs } from './inputs.ts'
import { ROOTFS, shownPath } from '../names.ts'
import type { LearntWord, RootStage, Step, Word } from '../types.ts'

/** The steps that bootstrap on this machine as root, as Docker's page has it. */
export const hostSteps = (inputs: FullInputs): Step[] => {
  const { release, given } = inputs
  const { mirror } = given.answers
  const keyring = join(given.places.directory, KEYRING)
  return [
    {
      id: 'mirror',
      title: `Look for ${release.codename}`,
      why: 'To debootstrap a wrong address, a release that has moved, and a network that wants a login look all the same. So that is found out first, and without any rights.',
      pipeline: [
        {
          kind: 'command',
          program: 'sh',
          args: ['bootstrap.sh', '--only-choose', ...bootstrapOptions(inputs, keyring)],
        },
      ],
      to: { kind: 'log' },
      reader: 'debootstrap',
      servesOnly: ['name', 'pack'],
      result: '{mirror}',
    },
    {
      id: 'bootstrap',
      title: `Bootstrap ${release.codename}`,
      why: "debootstrap downloads the distribution's own packages, checks their signatures, and unpacks them into an empty folder. Nothing is inherited: that makes it a base image. Files that belong to root can only be made by root.",
      pipeline: [
        {
          ...asRoot(inputs, [
            'debootstrap',
            ...debootstrapOptions(inputs),
            release.codename,
            ROOTFS,
            mirror ?? found(inputs),
          ]),
          // debootstrap's way of telling its progress does not get along with blanks in the folder's path.
          harness: /\s/.test(given.places.directory) ? [] : ['--debian-installer'],
          startsFresh: true,
        },
      ],
      to: { kind: 'log' },
      reader: 'debootstrap',
      servesOnly: ['name', 'pack'],
    },
    {
      id: 'finish',
      title: 'Make it fit for containers',
      why: 'What is left of the installation goes out: downloaded packages, package lists, logs. In go the sources of updates, and settings that a container wants and a machine does not.',
      pipeline: [
        asRoot(
          inputs,
          [
            'sh',
            'bootstrap.sh',
            '--only-finish',
            '--rootfs',
            ROOTFS,
            ...bootstrapOptions(inputs, keyring),
            ...(mirror === null ? ['--fetched-from', found(inputs)] : []),
          ],
          'full/bootstrap.sh',
        ),
      ],
      to: { kind: 'log' },
      reader: 'debootstrap',
      servesOnly: ['name', 'pack'],
      result: '{rootfs.first|size}, cleaned to {rootfs.last|size}',
    },
  ]
}

/** Where the release was found. */
const found = (inputs: FullInputs): LearntWord => ({
  stem: '',
  learnt: 'mirror',
  plain: fetchedFrom(inputs),
})

/** The stage that gives the root filesystem as a tar. */
export const fetchRoot = (inputs: FullInputs): RootStage =>
  asRoot(inputs, ['sh', 'pack.sh', '--rootfs', ROOTFS], 'full/pack.sh')

const asRoot = ({ facts }: FullInputs, args: readonly Word[], asset?: string): RootStage => ({
  kind: 'root',
  sudo: facts.host?.root !== 'root',
  args,
  ...(asset === undefined ? {} : { asset }),
  below: ROOTFS,
})

/** The steps that make an archive of the root filesystem and prove it, without an engine. */
export const archiveSteps = (inputs: FullInputs): Step[] => {
  const { given, arch, facts, release } = inputs
  const { answers, places } = given
  const { file, line } = proofOf(release)
  return [
    {
      id: 'pack',
      title: 'Pack it into an archive',
      why: 'An image is a list of layers, each a tar file, and a small JSON file on what to start. No engine is needed to write that down: docker load, podman load and skopeo read this archive.',
      pipeline: [
        fetchRoot(inputs),
        {
          kind: 'craft',
          craft: 'pack-layer',
          input: { arch, reference: answers.tag, archive: places.output, ...imageNotes(inputs) },
          shown: [],
        },
      ],
      to: { kind: 'log' },
      reader: 'import',
      makes: 'archive',
      inputs: inputsOf(inputs),
      result: shownPath(places.from, places.output),
    },
    ...provePacked(facts.privateRoot, places.output, ['/bin/cat', file]).map(step =>
      step.id === 'run' ? { ...step, title: `Run it: cat ${file}`, mustPrint: [line] } : step,
    ),
  ]
}

/**
 * The files that decide the image. On this machine root runs our own texts of the scripts; a newer one of those is
 * noticed by the copy in the folder.
 */
export const inputsOf = ({ given }: FullInputs): string[] => [
  'bootstrap.sh',
  'pack.sh',
  ...(given.answers.keyring === null ? [] : [KEYRING]),
]

/** What an image says of itself: what to start, where programs are found, and labels by OCI's names. */
export const imageNotes = ({
  given: { answers },
  release,
}: Pick<FullInputs, 'given' | 'release'>) => ({
  cmd: ['bash'],
  env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
  labels: {
    'org.opencontainers.image.title': answers.tag.replace(/^.*\/|:[^/]*$/g, ''),
    'org.opencontainers.image.version': release.version ?? release.codename,
    'org.opencontainers.image.ref.name': release.distro,
  },
})
