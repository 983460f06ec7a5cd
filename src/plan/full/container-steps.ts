import { releaseName } from '../../catalog/releases.ts'
import type { EngineFacts } from '../../engine/facts.ts'
import { secretOf } from '../../ask/questions/mirror.ts'
import { keyringInside, keyringName } from '../../ask/saved.ts'
import {
  getBuilder,
  platformOption,
  prepareBuilder,
  preparedBuilder,
  type BuilderMirror,
} from '../builder.ts'
import type { Step, Word } from '../types.ts'
import type { Family } from './families/family.ts'
import type { FullInputs } from './inputs.ts'
import { asSecretInput, loginLines, withoutMirrorSecret } from './mirror-login.ts'
import { whyUpdates } from './built-in-rules.ts'
import { todoFor } from './advice.ts'

/** Returns the steps that bootstrap in a container without special rights, and leave its files there to be taken. */
export const containerSteps = (inputs: FullInputs, engine: EngineFacts): Step[] => {
  const { arch, builder, family } = inputs
  const { words, install } = family
  const workshop = { engine, arch, builder, pull: inputs.given.pull }
  const packages = family.builderPackages(inputs)
  const prepare =
    install === null || packages.length === 0
      ? []
      : [
          prepareBuilder(
            workshop,
            family.tool,
            packages,
            {
              title: words.prepareTitle,
              why: words.whyPrepare,
              otherwise: words.notPrepared,
              servesOnly: ['name'],
            },
            install,
            install.takesMirror === true ? mirrorOf(inputs) : null,
          ),
        ]
  return [
    getBuilder(workshop, {
      why: words.whyBuilder(builder),
      servesOnly: ['name'],
      otherwise: words.wrongBuilder,
    }),
    ...prepare,
    bootstrap(inputs, engine),
  ]
}

/** One that wants a login is left to the bootstrap: a command shows its words to everybody. */
const mirrorOf = ({ given }: FullInputs): BuilderMirror | null => {
  const { mirror, keyring } = given.answers
  if (mirror === null || secretOf(mirror) !== '') return null
  const keys = keyring === null ? null : { file: keyringName(keyring), to: keyringInside(keyring) }
  return { url: mirror, keys }
}

/** Returns the options of a container that bootstraps: the name of every machine, and just the rights it needs. */
export const surroundings = ({ rights, containerOptions }: Family): string[] => [
  '--hostname',
  'localhost',
  '--security-opt',
  'no-new-privileges',
  '--cap-drop',
  'ALL',
  ...[...RIGHTS, ...rights].flatMap(right => ['--cap-add', right]),
  ...containerOptions,
]

/** Just the rights that unpacking and configuring packages needs. */
const RIGHTS = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETGID', 'SETUID', 'SYS_CHROOT']

const bootstrap = (inputs: FullInputs, engine: EngineFacts): Step => {
  const { given, release, arch, family } = inputs
  const { keyring } = given.answers
  return {
    id: 'bootstrap',
    title: `Bootstrap ${releaseName(release)}`,
    why: inputs.distribution.scripts.includes('bootstrap.sh')
      ? WHY_OWN
      : family.words.whyBootstrap + whyUpdates(inputs),
    pipeline: [
      {
        kind: 'container',
        client: engine.client,
        options: [...platformOption({ engine, arch }), '--interactive', ...surroundings(family)],
        image: builderImage(inputs),
        command: [
          'sh',
          '-s',
          '--',
          ...family.progress,
          ...family.options(withoutMirrorSecret(inputs)),
        ],
        ...(keyring === null
          ? {}
          : { copies: [{ file: keyringName(keyring), to: keyringInside(keyring) }] }),
        keptForLater: true,
      },
    ],
    from: 'bootstrap.sh',
    ...asSecretInput(loginLines(inputs)),
    to: { kind: 'log' },
    reader: family.reader,
    servesOnly: ['name'],
    result: '{rootfs.first|size}, cleaned to {rootfs.last|size}',
    todo: family.words.todo,
    todoFor: todoFor(inputs),
  }
}

const WHY_OWN =
  "The recipe's own bootstrap.sh makes the root filesystem in an empty folder. The container has few rights and sees none of your files."

const builderImage = (inputs: FullInputs): Word => {
  const { family, arch, builder } = inputs
  const packages = family.builderPackages(inputs)
  return family.install === null || packages.length === 0
    ? builder
    : preparedBuilder(family.tool, arch, packages, family.install.script)
}
