import { isAbsolute } from 'node:path'
import type { Facts } from '../engine/facts.ts'
import { MachineError } from '../errors.ts'
import { fullName } from './script/engine-words.ts'
import type { Plan, Step, Word } from './types.ts'

/** What is to be signed, and how. */
export interface Signing {
  /** An absolute path, or an address that cosign knows, such as `awskms://…`. */
  readonly key: string
  /** The name that it was pushed as, with its tag. */
  readonly to: string
  /** True for an index of several architectures: each of its images is signed, too. */
  readonly several: boolean
  /** The SBOM in the project folder that is attached as an attestation, or null. */
  readonly sbom: string | null
}

/**
 * Returns the steps that sign what the step before them pushed, and the commands by which anybody can check that. They
 * need the learnt value `pushed.digest`. Throws MachineError where cosign is not here.
 */
export const signed = (signing: Signing, { cosign }: Facts): Pick<Plan, 'steps' | 'next'> => {
  if (!cosign)
    throw new MachineError('--sign needs cosign, which is not here.', [
      'Get it from your distribution, or from https://github.com/sigstore/cosign/releases',
      'Or leave --sign out, and sign later what was pushed: its digest is shown at the end.',
    ])
  const { key, to, several, sbom } = signing
  const options = [
    '--key',
    key,
    ...(cosign.asksForServices ? ['--use-signing-config=false'] : []),
    '--tlog-upload=false',
    '--yes',
  ]
  const subject: Word = {
    stem: `${repositoryOf(to)}@`,
    learnt: 'pushed.digest',
    plain: `${repositoryOf(to)}@DIGEST`,
  }
  return {
    steps: [
      step('sign', `Sign ${to}`, SIGN_WHY, [
        'sign',
        ...options,
        ...(several ? ['--recursive'] : []),
        subject,
      ]),
      ...(sbom === null
        ? []
        : [
            step('attest', 'Attach the SBOM, signed', ATTEST_WHY, [
              'attest',
              ...options,
              '--type',
              'spdxjson',
              '--predicate',
              sbom,
              subject,
            ]),
          ]),
    ],
    next: [verification(key, to)],
  }
}

const SIGN_WHY =
  "A signature tells whoever pulls the image that it is the one that you pushed. It covers the digest, so it is valid for these bytes alone, and is kept next to the image in the registry. It does not go into a public transparency log: that would show everybody the image's name."

const ATTEST_WHY =
  'An attestation is a signed statement about an image: here the list of its packages, in the form that scanners read. It is kept next to the image in the registry.'

const step = (id: 'sign' | 'attest', title: string, why: string, args: readonly Word[]): Step => ({
  id,
  title,
  why,
  pipeline: [{ kind: 'command', program: 'cosign', args }],
  to: { kind: 'log' },
  reader: 'lines',
  voice: 'registry',
  afterProof: true,
  todo: [
    'The image is in the registry. Then run the same command again: what is made stays made.',
    "The key's password comes from the variable COSIGN_PASSWORD; to make a key pair: cosign generate-key-pair",
  ],
})

const verification = (key: string, to: string): string[] => [
  'cosign',
  'verify',
  '--key',
  isAbsolute(key) ? key.replace(/\.key$/, '.pub') : key,
  '--insecure-ignore-tlog=true',
  fullName(to),
]

const repositoryOf = (to: string): string => fullName(to).replace(/:[^:/]+$/, '')
