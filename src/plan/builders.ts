import { UsageError } from '../errors.ts'
import { oneOf } from '../ask/one-of.ts'
import { oneArch } from '../ask/questions/arch.ts'

/** The kinds of builders that can be added. */
export const BUILDER_KINDS = ['ssh', 'kubernetes', 'remote', 'farm'] as const
export type BuilderKind = (typeof BUILDER_KINDS)[number]

/** One command of an addition, what it is for, and what takes it back once it has succeeded. */
export interface BuilderStep {
  readonly says: string
  readonly command: readonly string[]
  readonly undo?: readonly string[]
}

/** What adds a builder, and what uses it then. */
export interface Addition {
  readonly steps: readonly BuilderStep[]
  readonly use: readonly string[]
}

/** What an addition is made from: the words and flags of the command line. */
export interface AdditionInputs {
  /** The address of a machine, or the connections of a farm; the empty text for none. */
  readonly place: string
  readonly values: Readonly<Record<string, string>>
  readonly rootless: boolean
  /** The builders that are here, of which one may be joined. */
  readonly builders: readonly string[]
}

/**
 * Returns what adds a builder of that kind. The options are those of `docker buildx create` and its drivers, of
 * `docker context create` and of `podman system connection` and `podman farm`. Throws UsageError for inputs that make
 * none, and for a flag that this kind has no use for.
 */
export const additionOf = (kind: BuilderKind, inputs: AdditionInputs): Addition => {
  const given = [...Object.keys(inputs.values), ...(inputs.rootless ? ['rootless'] : [])]
  const alien = given.find(flag => !USED[kind].includes(flag))
  if (alien !== undefined)
    throw new UsageError(`--${alien} is not for a builder of the kind ${kind}.`, [
      `It takes: ${USED[kind].map(flag => `--${flag}`).join(', ')}.`,
    ])
  return KINDS[kind](inputs)
}

const USED: Readonly<Record<BuilderKind, readonly string[]>> = {
  ssh: ['name', 'join', 'engine'],
  kubernetes: ['name', 'join', 'namespace', 'replicas', 'node-selector', 'rootless', 'arch'],
  remote: ['name', 'join', 'certs'],
  farm: ['name'],
}

const bySsh = (inputs: AdditionInputs): Addition => {
  const { values } = inputs
  const address = sshAddress(inputs.place)
  const name = nameOf(inputs, hostName(address))
  if (oneOf('engine', ['docker', 'podman'], values['engine'] ?? 'docker') === 'podman')
    return podmanBySsh(name, address, values['join'])
  const context: BuilderStep[] = [
    {
      says: 'A context names an engine elsewhere. ssh uses your own keys; log in once by hand first.',
      command: ['docker', 'context', 'create', name, '--docker', `host=${address}`],
      undo: ['docker', 'context', 'rm', '--force', name],
    },
    {
      says: 'The engine there answers.',
      command: ['docker', '--context', name, 'version'],
    },
  ]
  if (values['join'] === undefined)
    return {
      steps: context,
      use: [
        `All commands there, ours too: docker context use ${name}   and back: docker context use default`,
      ],
    }
  const joined = byBuildx(inputs, name, ['--driver', 'docker-container'], [name])
  return { ...joined, steps: [...context, ...joined.steps] }
}

const podmanBySsh = (name: string, address: string, join: string | undefined): Addition => {
  if (join !== undefined)
    throw new UsageError('--join is for builders of docker buildx.', [
      `Podman joins its connections to a farm: create-base-image builders add farm ${name},OTHER`,
    ])
  return {
    steps: [
      {
        says: 'A connection names a Podman elsewhere. ssh uses your own keys; log in once by hand first.',
        command: ['podman', 'system', 'connection', 'add', name, address],
        undo: ['podman', 'system', 'connection', 'remove', name],
      },
      { says: 'The Podman there answers.', command: ['podman', '--connection', name, 'version'] },
    ],
    use: [
      `In a farm with others: create-base-image builders add farm ${name},OTHER`,
      `All commands there: podman system connection default ${name}`,
    ],
  }
}

const byKubernetes = (inputs: AdditionInputs): Addition => {
  const { place, values, rootless } = inputs
  if (place !== '')
    throw new UsageError('A builder in Kubernetes takes no address.', [
      'The cluster is that of your kubeconfig: kubectl config current-context',
    ])
  const arch = values['arch']?.split(',').map(oneArch)
  const options = [
    ...OPTIONS.flatMap(option => optionOf(option, values)),
    ...(rootless ? ['rootless=true'] : []),
  ].flatMap(option => ['--driver-opt', option])
  const platforms = arch === undefined ? [] : ['--platform', arch.map(platformOf).join(',')]
  return byBuildx(
    inputs,
    nameOf(inputs, 'kubernetes'),
    ['--driver', 'kubernetes', ...options, ...platforms],
    [],
  )
}

const platformOf = (arch: string): string => `linux/${arch === 'arm' ? 'arm/v7' : arch}`

/** Options of the driver, by our flags, with what they look like. */
const OPTIONS = [
  { flag: 'namespace', form: /^[a-z0-9][a-z0-9-]*$/, example: 'ci' },
  { flag: 'replicas', form: /^[1-9]\d{0,2}$/, example: '4' },
  {
    flag: 'node-selector',
    form: /^[\w./-]+=[\w.-]*(?:,[\w./-]+=[\w.-]*)*$/,
    example: 'kubernetes.io/arch=arm64,disk=ssd',
  },
] as const

const optionOf = (
  { flag, form, example }: (typeof OPTIONS)[number],
  values: AdditionInputs['values'],
): string[] => {
  const value = values[flag]
  if (value === undefined) return []
  if (!form.test(value))
    throw new UsageError(`--${flag} does not take "${value}".`, [
      `For example: --${flag} ${example}`,
    ])
  const option = `${flag.replace('-', '')}=${value}`
  // Commas part the options of a driver, but for those in quotes.
  return [value.includes(',') ? `"${option}"` : option]
}

const byAddress = (inputs: AdditionInputs): Addition => {
  const { place, values } = inputs
  const { certs } = values
  if (!/^(?:tcp:\/\/(?:[\w.-]+|\[[\da-f:.]+\]):\d{1,5}|unix:\/\/\/\S+)$/i.test(place))
    throw new UsageError('A remote builder needs the address of its buildkitd.', [
      'For example: create-base-image builders add remote tcp://build.example:1234 --certs ./certs',
    ])
  if (place.startsWith('tcp:') && certs === undefined)
    throw new UsageError(
      'Without certificates on both sides, whoever reaches a buildkitd can run anything there.',
      [
        'Add --certs FOLDER. How they are made: https://docs.docker.com/build/builders/drivers/remote/',
      ],
    )
  const options = (certs === undefined ? [] : ['cacert=', 'cert=', 'key=']).flatMap(option => [
    '--driver-opt',
    `${option}${certs}/${option === 'cacert=' ? 'ca' : option.slice(0, -1)}.pem`,
  ])
  return byBuildx(inputs, nameOf(inputs, 'remote'), ['--driver', 'remote', ...options], [place])
}

/** A builder of its own, or a node of the one that is to be joined. */
const byBuildx = (
  { values, builders }: AdditionInputs,
  name: string,
  options: readonly string[],
  place: readonly string[],
): Addition => {
  const builder = values['join'] === undefined ? name : nameBy('join', values['join'])
  const append = values['join'] !== undefined && builders.includes(builder)
  const node = values['join'] === undefined ? [] : ['--node', name]
  const create = ['docker', 'buildx', 'create', '--name', builder]
  return {
    steps: [
      {
        says: append
          ? `${builder} gets one more node, and divides the platforms among them.`
          : 'A builder is a BuildKit besides the one in the engine.',
        command: [...create, ...(append ? ['--append'] : []), ...node, ...options, ...place],
        undo: append
          ? ['docker', 'buildx', 'create', '--name', builder, '--leave', ...node]
          : ['docker', 'buildx', 'rm', '--force', builder],
      },
      {
        says: 'It starts, and lists its platforms.',
        command: ['docker', 'buildx', 'inspect', '--bootstrap', builder],
      },
    ],
    use: [
      'create-base-image build --script bake > docker-bake.hcl',
      `docker buildx bake --builder ${builder} --push`,
    ],
  }
}

const byFarm = (inputs: AdditionInputs): Addition => {
  const members = inputs.place.split(',').filter(one => one !== '')
  if (members.length === 0)
    throw new UsageError('A farm is made of Podman connections, which must be named.', [
      'For example: create-base-image builders add farm laptop,arm   To list them: create-base-image builders',
    ])
  const name = nameOf(inputs, 'farm')
  const wrong = members.find(member => !/^\w[\w.-]*$/.test(member))
  if (wrong !== undefined)
    throw new UsageError(`"${wrong}" can't be a Podman connection.`, [
      'To list them: create-base-image builders',
    ])
  return {
    steps: [
      {
        says: 'A farm makes an image on each machine and joins them into one index. It came with Podman 4.9.',
        command: ['podman', 'farm', 'create', name, ...members],
        undo: ['podman', 'farm', 'remove', name],
      },
      { says: 'It is there.', command: ['podman', 'farm', 'list'] },
    ],
    use: [
      'create-base-image --script dockerfile > Dockerfile',
      `podman farm build --farm ${name} --tag REGISTRY/NAME .`,
    ],
  }
}

const KINDS: Readonly<Record<BuilderKind, (inputs: AdditionInputs) => Addition>> = {
  ssh: bySsh,
  kubernetes: byKubernetes,
  remote: byAddress,
  farm: byFarm,
}

/** Returns the address in full. Throws UsageError for what ssh could take for an option, or for no address. */
const sshAddress = (text: string): string => {
  const plain = text.replace(/^ssh:\/\//, '')
  if (/^(?:[\w.][\w.-]*@)?(?:[\w.][\w.-]*|\[[\da-f:.]+\])(?::\d{1,5})?(?:\/\S*)?$/i.test(plain))
    return `ssh://${plain}`
  throw new UsageError('A machine that is reached by ssh needs its address.', [
    'For example: create-base-image builders add ssh ada@arm.example --name arm',
  ])
}

const hostName = (address: string): string => {
  const host = /^ssh:\/\/(?:[^@]*@)?(\[[^\]]*\]|[^:/]*)/.exec(address)?.[1] ?? ''
  const word = /^[a-z]/i.test(host) ? (host.split('.')[0] ?? '') : `ssh-${host}`
  return word.replaceAll(/[^A-Za-z0-9-]+/g, '-').replace(/-+$/, '')
}

const nameOf = ({ values }: AdditionInputs, usual: string): string =>
  nameBy('name', values['name'] ?? usual)

/** What contexts, builders and connections alike may be called. */
const nameBy = (flag: string, text: string): string => {
  if (/^[A-Za-z][\w.-]+$/.test(text)) return text
  throw new UsageError(`--${flag}: "${text}" can't be the name of a builder.`, [
    'Start with a letter, then letters, digits and . _ -, at least two characters in all.',
  ])
}
