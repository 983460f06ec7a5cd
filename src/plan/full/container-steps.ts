import type { EngineFacts } from '../../engine/facts.ts'
import { KEYRING } from '../../ask/saved.ts'
import { getBuilder, platformOption, prepareBuilder, preparedBuilder } from '../builder.ts'
import {
  bootstrapOptions,
  bootstrapPackages,
  KEYRING_INSIDE,
  PROGRESS,
} from './families/deb/options.ts'
import type { FullInputs } from './inputs.ts'
import type { Step } from '../types.ts'

/** The steps that bootstrap in a container without special rights, and leave its files there to be taken. */
export const containerSteps = (inputs: FullInputs, engine: EngineFacts): Step[] => {
  const workshop = { engine, arch: inputs.arch, builder: inputs.builder }
  return [
    getBuilder(workshop, {
      why: `debootstrap runs in a container of ${inputs.builder}, because it needs a Linux system that knows the release. That image is only a workshop: none of its files end up in yours.`,
      servesOnly: ['name'],
      otherwise: "so debootstrap in it would make another architecture's system.",
    }),
    prepareBuilder(workshop, ROLE, bootstrapPackages(inputs), {
      title: 'Put debootstrap in it',
      why: 'debootstrap is the small tool that Debian and Ubuntu are installed with. The builder with it is kept as an image of its own, so that the next time starts here.',
      otherwise: 'The engine did not keep the builder with debootstrap in it.',
      servesOnly: ['name'],
    }),
    bootstrap(inputs, engine),
  ]
}

const ROLE = 'debootstrap'

/** Just the rights that unpacking and configuring packages needs (facts/docker.md 2.1, row c). */
export const RIGHTS = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'SETGID',
  'SETUID',
  'SYS_CHROOT',
  'MKNOD',
].flatMap(right => ['--cap-add', right])

const bootstrap = (inputs: FullInputs, engine: EngineFacts): Step => {
  const { given, release, arch } = inputs
  return {
    id: 'bootstrap',
    title: `Bootstrap ${release.codename}`,
    why: "debootstrap downloads the distribution's own packages, checks their signatures, and unpacks them into an empty folder. Nothing is inherited: that makes it a base image. The container has few rights and sees none of your files.",
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [
          ...platformOption({ engine, arch }),
          '--interactive',
          '--hostname',
          'localhost',
          '--security-opt',
          'no-new-privileges',
          '--cap-drop',
          'ALL',
          ...RIGHTS,
        ],
        image: preparedBuilder(ROLE, arch, bootstrapPackages(inputs)),
        command: ['sh', '-s', '--', PROGRESS, ...bootstrapOptions(inputs)],
        ...(given.answers.keyring === null
          ? {}
          : { copies: [{ file: KEYRING, to: KEYRING_INSIDE }] }),
        staysForLater: true,
      },
    ],
    from: 'bootstrap.sh',
    to: { kind: 'log' },
    reader: 'debootstrap',
    servesOnly: ['name'],
    result: '{rootfs.first|size}, cleaned to {rootfs.last|size}',
    todo: ['Run the same command again: downloads fail now and then, and it goes on from here.'],
  }
}
