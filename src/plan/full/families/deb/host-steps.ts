import { join } from 'node:path'
import { keyringName } from '../../../../ask/saved.ts'
import { debSettings } from '../../../../catalog/archives.ts'
import { releaseName } from '../../../../catalog/releases.ts'
import { bootstrapOptions, debootstrapOptions, fetchedFrom } from './options.ts'
import { ROOTFS } from '../../../names.ts'
import type { LearntWord, Step } from '../../../types.ts'
import type { FullInputs } from '../../inputs.ts'
import { whyUpdates } from '../../built-in-rules.ts'
import { todoFor } from '../../advice.ts'
import { asSecretInput, loginLines, wgetLines, withoutMirrorSecret } from '../../mirror-login.ts'
import { asRoot } from '../../root-stage.ts'

/** The steps that bootstrap on this machine as root, as Docker's page has it. */
export const hostSteps = (closed: FullInputs): Step[] => {
  const inputs = withoutMirrorSecret(closed)
  const { release, given } = inputs
  const { mirror } = given.answers
  const { script } = debSettings(release)
  const keyringAt = (keyring: string): string => join(given.places.directory, keyringName(keyring))
  return [
    {
      id: 'mirror',
      title: `Look for ${release.codename}`,
      why: 'To debootstrap, a wrong address, a release that has moved, and a network that wants a login look alike. So this is checked first, without root rights.',
      pipeline: [
        {
          kind: 'command',
          program: 'sh',
          args: ['-s', '--', '--only-choose', ...bootstrapOptions(inputs, keyringAt)],
        },
      ],
      from: 'bootstrap.sh',
      ...asSecretInput(loginLines(closed)),
      to: { kind: 'log' },
      reader: 'debootstrap',
      servesOnly: ['name', 'pack'],
      todoFor: todoFor(inputs),
      result: '{mirror}',
    },
    {
      id: 'bootstrap',
      title: `Bootstrap ${releaseName(release)}`,
      why: "debootstrap downloads the distribution's own packages, checks their signatures, and unpacks them into an empty folder. Nothing is inherited: that makes it a base image. Files that belong to root can only be made by root.",
      pipeline: [
        {
          ...asRoot(inputs, [
            'debootstrap',
            ...debootstrapOptions(inputs),
            release.codename,
            ROOTFS,
            mirror ?? found(inputs),
            ...(script === undefined ? [] : [script]),
          ]),
          harness: ['--debian-installer'],
          startsFresh: true,
        },
      ],
      ...asSecretInput(wgetLines(closed)),
      to: { kind: 'log' },
      reader: 'debootstrap',
      servesOnly: ['name', 'pack'],
      todoFor: todoFor(inputs),
    },
    {
      id: 'finish',
      title: 'Make it fit for containers',
      why:
        'What is left of the installation is removed: downloaded packages, package lists, logs. The sources of updates are added, and settings that suit a container but not a machine.' +
        whyUpdates(inputs),
      pipeline: [
        asRoot(
          inputs,
          [
            'sh',
            'bootstrap.sh',
            '--only-finish',
            '--rootfs',
            ROOTFS,
            ...bootstrapOptions(inputs, keyringAt),
            ...(mirror === null ? ['--fetched-from', found(inputs)] : []),
          ],
          'bootstrap.sh',
        ),
      ],
      ...asSecretInput(wgetLines(closed)),
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
