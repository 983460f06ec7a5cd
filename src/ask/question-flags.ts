import { findCommand } from './commands.ts'

/** Where `--help` shows a flag. */
export type Group = 'image' | 'how' | 'running' | 'output'

/** What `--help` and completion say of a question's flag. */
export interface QuestionFlag {
  /** The flag without dashes, and the key in answers.json. */
  readonly name: string
  readonly group: Group
  /** How the value is written in `--help`; the empty text for a flag that is given or not, with a `no-` form. */
  readonly value: string
  readonly says: string
  /** How the default reads in `--help`. */
  readonly standard: string
}

/** The same is said of the flags of `rootfs`. */
const saysOf = (flag: string): string =>
  findCommand('rootfs')!.flags.find(({ name }) => name === flag)!.says

// Apart from the questions, because `--help` needs no more of them: they import the catalogue and everything that checks answers.
const FLAGS = {
  kind: {
    group: 'image',
    value: 'minimal|full',
    says: 'A program alone, or a distribution',
    standard: 'minimal; full with one of its flags',
  },
  tag: {
    group: 'image',
    value: '<name[:tag]>',
    says: "The image's name",
    standard: "the folder's name; else hello, or my-<release>",
  },
  program: {
    group: 'image',
    value: '<file>|raw[:message]',
    says: 'A C file, a ready ELF binary, or two system calls written by us',
    standard: 'the bundled hello.c',
  },
  libc: {
    group: 'image',
    value: 'glibc|musl',
    says: 'The C library to link in; musl makes a far smaller program',
    standard: 'glibc',
  },
  with: {
    group: 'image',
    value: 'ca-certificates,tzdata,user,tmp',
    says: 'Files that programs tend to need: any of these, separated by commas',
    standard: 'none',
  },
  distro: {
    group: 'image',
    value: '<name>',
    says: 'The distribution of a full image; the command releases lists them',
    standard: 'ubuntu',
  },
  recipe: {
    group: 'image',
    value: '<folder>',
    says: 'A distribution of your own: a folder with a distro.json',
    standard: 'those included',
  },
  release: {
    group: 'image',
    value: '<name|version>',
    says: 'Its release: noble, 24.04, debian:12; the command releases lists them',
    standard: 'the newest with long-term support',
  },
  variant: {
    group: 'image',
    value: '<name>',
    says: "Which packages go in, such as Debian's minbase, standard or buildd",
    standard: 'the minimum that its package manager works with',
  },
  slim: {
    group: 'image',
    value: '',
    says: 'Leave out documents, man pages and locales, and keep them out',
    standard: 'they stay in, as with --no-slim',
  },
  include: {
    group: 'image',
    value: '<package,…>',
    says: 'More packages, separated by commas; in Ubuntu from universe too',
    standard: 'none',
  },
  entrypoint: {
    group: 'image',
    value: '<command>',
    says: 'What every container starts; words after the image name go to it',
    standard: 'none',
  },
  cmd: {
    group: 'image',
    value: '<command>',
    says: 'What a container starts by default, or what the entrypoint is given',
    standard: 'the program, or a shell',
  },
  env: {
    group: 'image',
    value: '<NAME=value>',
    says: 'An environment variable; may be repeated. No secrets: anyone can read it',
    standard: 'none',
  },
  expose: {
    group: 'image',
    value: '<port[/udp]>',
    says: 'A port it listens on, as a note for docker run --publish; may be repeated',
    standard: 'none',
  },
  user: {
    group: 'image',
    value: '<user[:group]>',
    says: 'Who it runs as, by number or by a name that the image knows',
    standard: 'root',
  },
  label: {
    group: 'image',
    value: '<name=value>',
    says: 'A note on the image for people and tools; may be repeated',
    standard: 'none',
  },
  'compile-in': {
    group: 'how',
    value: 'auto|container|host',
    says: 'Where the C file is compiled',
    standard: 'auto: the host on Linux if its cc links statically, else a container',
  },
  bootstrap: {
    group: 'how',
    value: 'auto|built-in|debootstrap|host',
    says: 'Made by this tool, or by debootstrap: in a container, or here',
    standard: 'auto: built-in for Debian, Ubuntu, BusyBox; else a container',
  },
  updates: {
    group: 'how',
    value: '',
    says: saysOf('updates'),
    standard: '--no-updates: the release as it was published',
  },
  snapshot: {
    group: 'how',
    value: '<date>',
    says: saysOf('snapshot'),
    standard: 'as it is today',
  },
  locked: {
    group: 'how',
    value: '<file>',
    says: saysOf('locked'),
    standard: 'the packages of the index',
  },
  mirror: {
    group: 'how',
    value: '<url>',
    says: 'Where packages come from, now and in the image',
    standard: "this machine's own, else the archive; the image gets the archive",
  },
  keyring: {
    group: 'how',
    value: '<file>',
    says: "Keys that replace the distribution's, for a mirror of your own",
    standard: "the distribution's",
  },
  sources: {
    group: 'how',
    value: '<file>',
    says: saysOf('sources'),
    standard: "the distribution's",
  },
  builder: {
    group: 'how',
    value: '<image>',
    says: 'The image to work in: with apt, or the package manager that is wanted',
    standard: "ubuntu:20.04; for a full image the release's own",
  },
  arch: {
    group: 'how',
    value: 'amd64|arm64|…',
    says: "The image's architecture; several, separated by commas, make one image for all of them",
    standard: "the engine's; without one, the machine's",
  },
  engine: {
    group: 'how',
    value: 'auto|docker|podman|none',
    says: 'What takes the image; none makes an archive for `docker load`',
    standard: 'auto: Docker (DOCKER_HOST and contexts count), else Podman, else none',
  },
  output: {
    group: 'how',
    value: '<file>',
    says: 'The archive, when no engine takes the image',
    standard: '<directory>/<name>.tar',
  },
  directory: {
    group: 'image',
    value: '[directory]',
    says: 'The project folder to make',
    standard: "the image's name",
  },
} satisfies Record<string, Omit<QuestionFlag, 'name'>>

/** What is said of the flag of one question, which is a part of the question. */
export const flagOf = (name: keyof typeof FLAGS): QuestionFlag => ({ name, ...FLAGS[name] })

/** The flags of all questions, in the order of `--help`. */
export const questionFlags = (): QuestionFlag[] =>
  (Object.keys(FLAGS) as (keyof typeof FLAGS)[]).map(flagOf)
