/** An architecture by the engine's name for it (`amd64`, `arm64`, `arm`, `386`, `ppc64le`, …). */
export type Arch = string

/** How `docker build` will be answered, and which progress it can print. */
export type Builder =
  /** The classic builder: progress text on stdout. */
  | 'classic'
  /** BuildKit through the client's own code (20.10 to 22): plain progress on stderr. */
  | 'buildkit-plain'
  /** BuildKit through a buildx that prints JSON (0.13 or newer): rawjson on stderr. */
  | 'buildkit-json'
  /** Podman's own (Buildah): steps on stdout. */
  | 'podman'

/** An engine that answered, and what it can do. */
export interface EngineFacts {
  readonly kind: 'docker' | 'podman'
  /** The program that talks to it. */
  readonly client: string
  readonly clientVersion: string
  readonly serverVersion: string
  readonly apiVersion: string
  /** What the engine calls itself: `Engine`, `Podman Engine`, … */
  readonly serverName: string
  readonly os: string
  readonly arch: Arch
  readonly rootless: boolean
  readonly store: 'classic' | 'containerd'
  readonly builder: Builder
  readonly buildxVersion: string | null
  /** True when the client reaches it over TCP or ssh, so that this machine's files are not the engine's. */
  readonly remote: boolean
}

/** Something the machine lacks or an engine refused, with what to do now. */
export interface Remedy {
  /** A stable name, for `--json` and for tests: `no-client`, `no-daemon`, `no-space`, … */
  readonly code: string
  /** One sentence: what happened and why. */
  readonly what: string
  /** One or two lines a newcomer can follow on this system. */
  readonly todo: readonly string[]
  /** True when the machine lacks something (exit code 3), false when the step itself is at fault (1). */
  readonly lacks: boolean
}

/** A C compiler on this machine. */
export interface CompilerFacts {
  /** The program that links glibc (or the system's libc) statically, or null. */
  readonly cc: string | null
  /** `musl-gcc`, when it is here and links statically, or null. */
  readonly muslGcc: string | null
  /** The architectures that programs can be compiled for here, of those that were asked for together. */
  readonly cross?: readonly Arch[]
  /** Why no compiler could be tried, in words: the temporary folder is full or missing. */
  readonly problem?: string
}

/** How a program can be run with nothing but an image's own files around it, without an engine. */
export interface PrivateRoot {
  readonly kind: 'namespaces' | 'chroot'
  /** The command up to the program; `{root}` stands for the folder. */
  readonly command: readonly string[]
}

/** Whether packages can be set up on this machine's own kernel, in namespaces, without an engine. */
export interface KernelRoot {
  /** Why they can't, and what would do; null when they can. */
  readonly problem: Remedy | null
}

/** How this machine can bootstrap by itself. */
export interface HostFacts {
  /** `root` when we are root, `sudo` when there is sudo, null without either. */
  readonly root: 'root' | 'sudo' | null
  /** The path of debootstrap, or null. */
  readonly debootstrap: string | null
}

/** The archive that a machine's own apt sources name. */
export interface MachineArchive {
  readonly distro: 'debian' | 'ubuntu'
  /** The base URL, below which is `dists`. */
  readonly archive: string
}

/** What the machine can do, from read-only probes. Serialisable; saved in the journal. */
export interface Facts {
  readonly version: 1
  readonly platform: NodeJS.Platform
  /** This machine's architecture, by the engine's name for it. */
  readonly arch: Arch
  /** The engine that answered, or null. */
  readonly engine: EngineFacts | null
  /** Why there is no engine, when there is none. */
  readonly engineProblem: Remedy | null
  readonly compiler: CompilerFacts
  readonly privateRoot: PrivateRoot | null
  /** Absent where that was not looked for, and where it is not Linux. */
  readonly kernelRoot?: KernelRoot
  /** What this machine has to bootstrap with as root; null where that is not Linux. */
  readonly host: HostFacts | null
  /** The archive in this machine's own apt sources, when it runs Debian or Ubuntu. */
  readonly archive: MachineArchive | null
  /** True when this machine has the time zones as files below /usr/share/zoneinfo. */
  readonly zoneinfo: boolean
  /** True when skopeo was looked for and is here. */
  readonly skopeo?: boolean
  /** True when script(1) of util-linux was looked for and is here: it gives a program a terminal of its own. */
  readonly script?: true
  /** What cosign was looked for and takes; null when it is not here. */
  readonly cosign?: CosignFacts | null
}

export interface CosignFacts {
  /** From 2.6 on it asks a public list which services to use, unless told not to. */
  readonly asksForServices: boolean
}
