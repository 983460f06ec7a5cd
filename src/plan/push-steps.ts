import type { EngineFacts, Facts } from '../engine/facts.ts'
import { MachineError } from '../errors.ts'
import type { Given } from '../ask/answers.ts'
import { isSpdx, PUSHED } from './names.ts'
import { fullName } from './script/engine-words.ts'
import { signed } from './sign-steps.ts'
import type { CommandStage, Plan, Step } from './types.ts'

/**
 * Returns a plan with the steps that push what it has made and proven, for `to` not null. An engine pushes the image
 * that it has; skopeo pushes what only an archive holds; cosign signs it where a key is named. Throws MachineError where
 * none of them can.
 */
export const withPush = (plan: Plan, { push: to, sign }: Given, facts: Facts): Plan => {
  if (to === null) return plan
  const { reference, archive, archs = [] } = plan.image
  const steps =
    facts.engine !== null && archive === null
      ? byEngine(reference, to, facts.engine, watched(facts))
      : bySkopeo(archive ?? '', to, archs.length > 0, facts)
  const signing =
    sign === null
      ? NO_SIGNING
      : signed(
          { key: sign, to, several: archs.length > 0, sbom: plan.keeps.find(isSpdx) ?? null },
          facts,
        )
  return {
    ...plan,
    image: { ...plan.image, pushed: to },
    temporary: [...plan.temporary, PUSHED],
    steps: [...plan.steps, ...steps, ...signing.steps],
    next: [...plan.next, ...signing.next],
  }
}

const NO_SIGNING = { steps: [], next: [] }

const WHY =
  'A registry keeps images for others to pull. If it requires a login, the engine keeps that, and we never see it. Layers that it already has are not sent again.'

const PUSH = {
  to: { kind: 'log' },
  reader: 'push',
  voice: 'registry',
  afterProof: true,
} as const

const DIGEST_FILE = ['--digestfile', PUSHED]

/** Without a terminal none of the clients reports bytes. */
const watched = ({ script }: Facts): Pick<CommandStage, 'inTerminal'> =>
  script === true ? { inTerminal: true } : {}

const byEngine = (
  reference: string,
  to: string,
  { kind, client }: EngineFacts,
  terminal: Pick<CommandStage, 'inTerminal'>,
): Step[] =>
  kind === 'podman'
    ? [
        {
          ...PUSH,
          id: 'push',
          title: `Push it to ${to}`,
          why: WHY,
          pipeline: [
            {
              kind: 'command',
              program: client,
              harness: DIGEST_FILE,
              ...terminal,
              args: [
                'push',
                ...plain('--tls-verify=false', to),
                reference,
                `docker://${fullName(to)}`,
              ],
            },
          ],
          pushes: { digestFile: PUSHED },
          ...todoOf(client, to),
        },
      ]
    : [
        {
          id: 'push-name',
          title: `Name it ${to}`,
          why: 'An engine pushes an image to the registry that its name begins with, so it gets that name besides its own.',
          pipeline: [{ kind: 'command', program: client, args: ['tag', reference, to] }],
          to: { kind: 'log' },
          reader: 'lines',
          afterProof: true,
        },
        {
          ...PUSH,
          id: 'push',
          title: `Push ${to}`,
          why: WHY,
          pipeline: [{ kind: 'command', program: client, ...terminal, args: ['push', to] }],
          result: '{last-line}',
          pushes: { digestFile: null },
          ...todoOf(client, to),
        },
      ]

const bySkopeo = (archive: string, to: string, several: boolean, facts: Facts): Step[] => {
  if (facts.skopeo !== true)
    throw new MachineError(
      several
        ? '--push of an image for several architectures needs skopeo, which is not here: an engine only pushes its own.'
        : '--push without an engine needs skopeo, which is not here.',
      [
        'On Debian or Ubuntu: sudo apt-get install --yes skopeo   elsewhere: https://github.com/containers/skopeo',
        'Or leave --push out: the archive can be pushed from any machine that has skopeo.',
      ],
    )
  return [
    {
      ...PUSH,
      id: 'push',
      title: `Push it to ${to}`,
      why: several
        ? `${WHY} skopeo pushes the image of each architecture, and then the index.`
        : WHY,
      pipeline: [
        {
          kind: 'command',
          program: 'skopeo',
          harness: DIGEST_FILE,
          ...watched(facts),
          args: [
            'copy',
            ...(several ? ['--all'] : []),
            ...plain('--dest-tls-verify=false', to),
            `oci-archive:${archive}`,
            `docker://${fullName(to)}`,
          ],
        },
      ],
      pushes: { digestFile: PUSHED },
      ...todoOf('skopeo', to),
    },
  ]
}

/** A registry on this machine usually has no certificate; docker takes that by itself for the same addresses. */
const plain = (option: string, to: string): string[] =>
  /^(?:localhost|127\.[\d.]+)(?::\d+)?\//.test(to) ? [option] : []

/** The step knows the registry's name, and whose login it is. */
const todoOf = (client: string, to: string): Pick<Step, 'todo' | 'todoFor'> => {
  const todo = [
    `Log in, if it wants that: ${client} login ${registryOf(to)}`,
    'Then run the same command again: what is made stays made, and only the push is repeated.',
  ]
  return { todo, todoFor: { 'push-login': todo } }
}

const registryOf = (to: string): string => /^([^/]+)\//.exec(fullName(to))?.[1] ?? ''
