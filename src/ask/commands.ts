/** A flag of a command. */
export interface CommandFlag {
  readonly name: string
  /** How its value is written; absent for a flag without one. Words separated by | are the only values. */
  readonly value?: string
  readonly says: string
}

/** A command as its help, its completion and its own reading of words know it. */
export interface Command {
  readonly name: string
  /** What follows the name, as usage is written: `<file>`, `[folder]`; the words to choose from with | between them. */
  readonly takes: string
  /** How many words that are not flags it takes, minimum and maximum. */
  readonly count: readonly [from: number, to: number]
  readonly says: string
  readonly flags: readonly CommandFlag[]
  readonly example: string
}

const JSON_FLAG: CommandFlag = { name: 'json', says: 'Print JSON, for programs' }
const ENGINE: CommandFlag = {
  name: 'engine',
  value: 'auto|docker|podman',
  says: 'The engine to use; by default the first that answers',
}

/** Every command, in the order of `--help`. */
export const commands = [
  {
    name: 'build',
    takes: '[name…]',
    count: [0, Infinity],
    says: 'Make every image of a base-images.json',
    flags: [
      { name: 'file', value: '<file>', says: 'A file other than base-images.json' },
      { name: 'jobs', value: '<number>', says: 'How many images at once' },
      { name: 'arch', value: '<arch>', says: 'Of images for several architectures, only this one' },
      {
        name: 'script',
        value: 'bake|github|gitlab',
        says: 'Print what makes them elsewhere; do nothing',
      },
      { name: 'push', value: '<registry>', says: 'Push each once it is proven, as REGISTRY/NAME' },
      { name: 'sign', value: '<key>', says: 'Sign what is pushed, with cosign' },
      { name: 'locked', says: 'Use the packages named by packages.lock in each project folder' },
      { name: 'plan', says: 'Print every plan; make nothing' },
      { name: 'force', says: 'Make all of them again' },
      JSON_FLAG,
      { name: 'verbose', says: "Show every line that a step's commands print" },
      { name: 'no-color', says: 'No colours' },
      { name: 'schema', says: 'Print the JSON schema of the file' },
      { name: 'yes', says: 'Accepted; nothing is asked anyway' },
    ],
    example: 'build acme/tool --plan',
  },
  {
    name: 'init',
    takes: '',
    count: [0, 0],
    says: 'Write a base-images.json from the project folders here',
    flags: [
      { name: 'file', value: '<file>', says: 'A file other than base-images.json' },
      { name: 'force', says: 'Replace an existing file' },
    ],
    example: 'init',
  },
  {
    name: 'builders',
    takes: '[add ssh|kubernetes|remote|farm <address>]',
    count: [0, 3],
    says: 'Show other machines and clusters that make images, or add one',
    flags: [
      { name: 'run', says: 'add: run the commands; without this they are only shown' },
      { name: 'name', value: '<name>', says: "Its name; by default the machine's, or the kind" },
      { name: 'join', value: '<builder>', says: 'A node of that builder; it may be new' },
      { name: 'engine', value: 'docker|podman', says: 'ssh: the engine there; docker by default' },
      { name: 'certs', value: '<folder>', says: 'remote: ca.pem, cert.pem and key.pem for TLS' },
      { name: 'namespace', value: '<name>', says: 'kubernetes: the namespace of the pods' },
      { name: 'replicas', value: '<number>', says: 'kubernetes: how many pods' },
      { name: 'node-selector', value: '<label=value,…>', says: 'kubernetes: which nodes to use' },
      { name: 'arch', value: '<arch,…>', says: 'kubernetes: the architectures of those nodes' },
      { name: 'rootless', says: 'kubernetes: BuildKit without root' },
      JSON_FLAG,
    ],
    example: 'builders add ssh ada@arm.example --run',
  },
  {
    name: 'releases',
    takes: '[distribution…]',
    count: [0, Infinity],
    says: 'List the distributions and releases to choose from',
    flags: [JSON_FLAG],
    example: 'releases fedora alpine',
  },
  {
    name: 'distros',
    takes: '[distro]',
    count: [0, 1],
    says: 'Compare the distributions, or show when to choose one of them',
    flags: [JSON_FLAG],
    example: 'distros alpine',
  },
  {
    name: 'rootfs',
    takes: '<distro>[:<release>]',
    count: [0, 1],
    says: 'Write a root filesystem as a tar: | docker import - NAME',
    flags: [
      {
        name: 'variant',
        value: 'minbase|standard|buildd|essential|important|distroless',
        says: 'Which packages go in',
      },
      { name: 'include', value: '<package,…>', says: 'More packages' },
      { name: 'exclude', value: '<package,…>', says: 'Packages to leave out' },
      {
        name: 'components',
        value: '<name,…>',
        says: 'Parts of the archive, such as main,universe',
      },
      { name: 'mirror', value: '<url>', says: 'Where the packages come from' },
      { name: 'keyring', value: '<file>', says: 'Keys that replace those of the distribution' },
      {
        name: 'sources',
        value: '<file>',
        says: "Archives and their keys, in the form of apt's .sources files",
      },
      { name: 'snapshot', value: '<date>', says: 'The archive as it was on that day' },
      { name: 'arch', value: '<architecture>', says: "By default the engine's own" },
      { ...ENGINE, value: 'auto|docker|podman|none' },
      { name: 'cache', value: '<folder>', says: 'Where downloads are kept' },
      { name: 'cache-size', value: '<size>', says: 'How large that may grow, such as 5GB' },
      {
        name: 'output',
        value: '<file|folder/>',
        says: 'A file instead of stdout; as root, also a folder: NAME/',
      },
      { name: 'lock', value: '<file>', says: 'Write a lock file that makes the same bytes again' },
      {
        name: 'locked',
        value: '<file>',
        says: 'Use exactly the packages that such a lock file names',
      },
      { name: 'sbom', value: '<file>', says: 'Write a list of the packages in it' },
      {
        name: 'copy',
        value: '<file:place>',
        says: 'Put a file of yours into the tree: motd:/etc/motd',
      },
      { name: 'hook', value: '<script>', says: 'Run a script of yours in the finished tree' },
      { name: 'slim', says: 'Leave out documents, man pages and locales' },
      { name: 'updates', says: 'Include updates and security fixes, as usual' },
      { name: 'no-updates', says: 'Take the release as it was published' },
      { name: 'offline', says: 'Take everything from the cache' },
    ],
    example: 'rootfs debian:trixie > rootfs.tar',
  },
  {
    name: 'outdated',
    takes: '[file]',
    count: [0, 1],
    says: 'List packages of a lock with newer versions today; exit code 1 if any',
    flags: [
      JSON_FLAG,
      { name: 'mirror', value: '<url>', says: 'Where the packages come from' },
      { name: 'keyring', value: '<file>', says: 'Keys that replace those of the distribution' },
      { name: 'cache', value: '<folder>', says: 'Where downloads are kept' },
      { name: 'offline', says: 'Take everything from the cache' },
    ],
    example: 'outdated packages.lock',
  },
  {
    name: 'recipe',
    takes: 'new|check <folder>',
    count: [2, 2],
    says: 'Start or check a distribution of your own, for --recipe',
    flags: [{ name: 'like', value: '<distro>', says: 'new: start with a copy of this one' }],
    example: 'recipe new ./my-distro --like alpine',
  },
  {
    name: 'inspect',
    takes: '<file|image>',
    count: [1, 1],
    says: 'Look inside a program, an image archive, or an image in the engine',
    flags: [
      JSON_FLAG,
      ENGINE,
      { name: 'strict', says: 'Also fail when something could not be checked' },
    ],
    example: 'inspect hello/hello',
  },
  {
    name: 'pack',
    takes: '<program>',
    count: [1, 1],
    says: 'Make an image archive from a static program, without an engine',
    flags: [
      { name: 'tag', value: '<name[:tag]>', says: "The image's name; by default the program's" },
      { name: 'output', value: '<file>', says: 'The archive; by default <name>.tar' },
      { name: 'force', says: 'Replace an existing file' },
    ],
    example: 'pack ./server --tag server:1.0',
  },
  {
    name: 'doctor',
    takes: '',
    count: [0, 0],
    says: 'Show what this machine can do, and what to fix',
    flags: [JSON_FLAG, ENGINE],
    example: 'doctor',
  },
  {
    name: 'tour',
    takes: '',
    count: [0, 0],
    says: 'Watch small images fail on purpose, and learn why',
    flags: [
      { name: 'recorded', says: 'Show recorded output, even where there is an engine' },
      JSON_FLAG,
    ],
    example: 'tour',
  },
  {
    name: 'check',
    takes: '[exercise]',
    count: [0, 1],
    says: 'Do exercises, each checked by the image that you make',
    flags: [
      { name: 'list', says: 'All exercises, and which you have passed' },
      { name: 'hint', says: 'A hint; repeat it for more' },
      { name: 'reset', value: '<exercise>', says: 'Start an exercise over' },
      ENGINE,
    ],
    example: 'check --hint',
  },
  {
    name: 'recap',
    takes: '[folder]',
    count: [0, 1],
    says: 'Explain what the last run there did, step by step',
    flags: [],
    example: 'recap hello',
  },
  {
    name: 'explain',
    takes: '<term>',
    count: [0, Infinity],
    says: 'Explain a term of the field in plain English',
    flags: [{ name: 'list', says: 'All terms' }],
    example: 'explain base image',
  },
  {
    name: 'clean',
    takes: '',
    count: [0, 0],
    says: 'List what interrupted runs left behind, ask, remove it',
    flags: [
      { name: 'dry-run', says: 'List it, and remove nothing' },
      { name: 'yes', says: 'Ask nothing' },
      { name: 'cache', says: 'Empty the cache of packages too' },
      { name: 'builders', says: 'Remove prepared builders and unpacked packages too' },
      { name: 'force', says: "Remove other machines' containers too" },
      ENGINE,
    ],
    example: 'clean --dry-run',
  },
  {
    name: 'completion',
    takes: 'bash|zsh|fish|powershell',
    count: [1, 1],
    says: 'Print a script that lets Tab complete our commands',
    flags: [],
    example: 'completion bash > ~/.local/share/bash-completion/completions/create-base-image',
  },
  {
    name: 'help',
    takes: '[command]',
    count: [0, 1],
    says: 'Show all flags, or those of one command',
    flags: [],
    example: 'help inspect',
  },
] as const satisfies readonly Command[]

export type CommandName = (typeof commands)[number]['name']

/** The command of that name, or undefined. */
export const findCommand = (name: string): Command | undefined =>
  commands.find(command => command.name === name)

/** How a command is typed: its name, what it takes, its flags. */
export const usageOf = (name: CommandName): string => {
  const { takes, flags } = findCommand(name)!
  const words = flags.length > MANY_FLAGS ? ['[flags]'] : flags.map(flag => `[${flagForm(flag)}]`)
  return ['create-base-image', name, takes, ...words].filter(Boolean).join(' ')
}

const MANY_FLAGS = 6

/** A flag as it is typed. */
export const flagForm = ({ name, value }: CommandFlag): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`
